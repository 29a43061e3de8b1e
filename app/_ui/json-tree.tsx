'use client';

import type { ExactJson } from './exact-json.ts';
import { ExactNumber } from './exact-json.ts';
import { JsonBranch } from './json-branch.tsx';
import { JsonKey } from './json-key.tsx';
import { JsonText } from './json-text.tsx';

interface JsonTreeProps {
  readonly value: ExactJson;
  readonly name?: string | null;
  readonly depth?: number;
  /** Makes a link of an id, where the page knows what it leads to. */
  readonly onId?: ((id: string) => void) | undefined;
}

/** JSON to read: folds, shortens what is long until asked, and never builds more nodes than are open. */
export function JsonTree({ value, name = null, depth = 0, onId }: JsonTreeProps) {
  const render = (key: string | null, inner: ExactJson) => <JsonTree name={key} value={inner} depth={depth + 1} onId={onId} />;
  if (Array.isArray(value)) {
    const entries = value.map((each, index) => [String(index), each] as const);
    return <JsonBranch name={name} entries={entries} brackets="[]" depth={depth} render={render} />;
  }
  if (typeof value === 'object' && value !== null && !(value instanceof ExactNumber)) {
    return <JsonBranch name={name} entries={Object.entries(value)} brackets="{}" depth={depth} render={render} />;
  }
  return (
    <div className="pl-4">
      <JsonKey name={name} />
      <JsonLeaf name={name} value={value} onId={onId} />
    </div>
  );
}

interface JsonLeafProps {
  readonly name: string | null;
  readonly value: null | boolean | number | string | ExactNumber;
  readonly onId: ((id: string) => void) | undefined;
}

function JsonLeaf({ name, value, onId }: JsonLeafProps) {
  if (typeof value === 'string') {
    if (onId !== undefined && isIdKey(name) && value !== '' && value.length <= 200) {
      return (
        <button
          type="button"
          onClick={() => onId(value)}
          className="text-accent hover:underline"
          title="Show the events of this id"
        >
          "{value}"
        </button>
      );
    }
    return <JsonText text={value} />;
  }
  if (value instanceof ExactNumber) return <span className="text-client">{value.text.slice(0, 200)}</span>;
  return <span className={typeof value === 'number' ? 'text-client' : 'text-server'}>{String(value)}</span>;
}

function isIdKey(name: string | null): boolean {
  return name !== null && (name === 'id' || name.endsWith('_id'));
}
