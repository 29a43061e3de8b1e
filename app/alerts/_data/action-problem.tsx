import type { Problem } from '../../_live/fetch-json.ts';

/** Why what a person asked for was not done. */
export function ActionProblem({ problem }: { readonly problem: Problem | null }) {
  if (problem === null) return null;
  return (
    <p role="alert" className="mt-2 text-error text-xs">
      {problem.message} {problem.code === null ? null : <code className="text-2xs">{problem.code}</code>}
    </p>
  );
}
