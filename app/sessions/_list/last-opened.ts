/** The session that was looked at last, until the page is loaded anew: who comes back to the list finds it marked, and in view if it is on the first page. */
let lastOpened: string | null = null;

export function rememberOpened(id: string): void {
  lastOpened = id;
}

/** Its id; null where none was looked at. */
export function readLastOpened(): string | null {
  return lastOpened;
}
