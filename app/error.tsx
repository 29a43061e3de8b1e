'use client';

import { Button } from './_ui/button.tsx';
import { ProblemNote } from './_ui/problem-note.tsx';

/** When a page cannot be made: mostly the database is away for a moment. `retry` asks the server anew; a `reset` would only show the same answer. */
export default function PageError({
  error,
  retry,
}: {
  readonly error: Error & { readonly digest?: string };
  readonly retry: () => void;
}) {
  return (
    <main>
      <ProblemNote
        title="This page could not be made"
        code={error.digest ?? null}
        action={<Button onClick={retry}>Try again</Button>}
      >
        The dashboard or its database did not answer as it should. Calls go on, and what they say is kept in the spool until it is
        back.
      </ProblemNote>
    </main>
  );
}
