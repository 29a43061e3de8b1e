/** The end of an id, which is what tells two of a session apart: `item_…4fQ9x2`. */
export function shortId(id: string): string {
  const cut = id.indexOf('_');
  if (id.length <= 12) return id;
  const head = cut > 0 && cut <= 6 ? id.slice(0, cut + 1) : '';
  return `${head}…${id.slice(-5)}`;
}
