'use client';

import { useMemo, useState } from 'react';
import { Button } from '../../../_ui/button.tsx';
import { cn } from '../../../_ui/class-names.ts';
import { CopyButton } from '../../../_ui/copy-button.tsx';
import type { ExactJson } from '../../../_ui/exact-json.ts';
import { parseExact } from '../../../_ui/exact-json.ts';
import { formatBytes } from '../../../_ui/format.ts';
import { JsonTree } from '../../../_ui/json-tree.tsx';
import { Skeleton } from '../../../_ui/skeleton.tsx';
import { HexView } from './hex-view.tsx';
import { RawText } from './raw-text.tsx';
import type { Raw } from './use-raw.ts';

interface EventPayloadProps {
  readonly raw: Raw;
  readonly byteLength: number;
  readonly onId: (id: string) => void;
}

/** The body of a message: read as JSON, or exactly as it travelled. */
export function EventPayload({ raw, byteLength, onId }: EventPayloadProps) {
  const [mode, setMode] = useState<'pretty' | 'raw'>('pretty');
  if (raw.state === 'waiting') {
    return (
      <div className="p-4 text-muted">
        This message is {formatBytes(byteLength)} long.{' '}
        <Button onClick={raw.load} className="ml-2">
          Read it
        </Button>
      </div>
    );
  }
  if (raw.state === 'loading') {
    return (
      <div className="space-y-2 p-4">
        <Skeleton className="h-3 w-1/2" />
        <Skeleton className="h-3 w-3/4" />
        <Skeleton className="h-3 w-2/3" />
      </div>
    );
  }
  if (raw.state === 'problem') return <p className="p-4 text-error">{raw.problem.message}</p>;
  const { text, bytes } = raw;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-1 border-b px-3 py-1">
        {(['pretty', 'raw'] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={mode === each}
            onClick={() => setMode(each)}
            className={cn(
              'h-6 rounded px-2 text-muted text-xs hover:text-ink',
              mode === each && 'bg-raised font-medium text-ink',
            )}
          >
            {each === 'pretty' ? 'Pretty' : 'Raw'}
          </button>
        ))}
        {text === null ? null : <CopyButton text={text} label="Copy the exact message" className="ml-auto" />}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className="min-h-0 flex-1 overflow-auto px-3 py-2" tabIndex={0} role="region" aria-label="Message">
        {text === null ? (
          <HexView bytes={bytes} />
        ) : mode === 'raw' ? (
          <RawText text={text} />
        ) : (
          <PrettyText text={text} onId={onId} />
        )}
      </div>
    </div>
  );
}

function PrettyText({ text, onId }: { readonly text: string; readonly onId: (id: string) => void }) {
  const parsed = useMemo(() => parseOr(text), [text]);
  if (parsed === null) return <RawText text={text} />;
  return (
    <div className="font-mono text-2xs leading-[1.15rem]">
      <JsonTree value={parsed.value} onId={onId} />
    </div>
  );
}

/** Null where the text is not JSON: then it is shown as it is. */
function parseOr(text: string): { readonly value: ExactJson } | null {
  try {
    return { value: parseExact(text) };
  } catch {
    return null;
  }
}
