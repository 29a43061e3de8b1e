import { Fragment } from 'react';

/** A sentence in which what stands between backticks is code. */
export function CodeText({ text }: { readonly text: string }) {
  const parts = text.split('`');
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never change places
    <Fragment key={index}>
      {index % 2 === 1 && index < parts.length - 1 ? (
        <code className="rounded bg-raised px-1 py-px font-mono text-[0.92em] text-ink [overflow-wrap:anywhere]">{part}</code>
      ) : index % 2 === 1 ? (
        `\`${part}`
      ) : (
        part
      )}
    </Fragment>
  ));
}
