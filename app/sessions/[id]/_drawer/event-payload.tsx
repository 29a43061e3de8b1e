'use client';

import type { ReactNode } from 'react';
import { useMemo, useState } from 'react';
import { cn } from '../../../_ui/class-names.ts';
import { CopyButton } from '../../../_ui/copy-button.tsx';
import type { ExactJson } from '../../../_ui/exact-json.ts';
import { parseExact } from '../../../_ui/exact-json.ts';
import { JsonTree } from '../../../_ui/json-tree.tsx';
import { HexView } from './hex-view.tsx';
import { RawText } from './raw-text.tsx';
import { UnreadRaw } from './unread-raw.tsx';
import type { Raw } from './use-raw.ts';

interface EventPayloadProps {
  readonly raw: Raw;
  readonly byteLength: number;
  /** Draws what the message changes of the configuration; null for messages that are no configuration. */
  readonly changes: ((text: string) => ReactNode) | null;
  readonly onId: (id: string) => void;
}

type Mode = 'pretty' | 'changes' | 'raw';

const TITLES: Readonly<Record<Mode, string>> = { pretty: 'Pretty', changes: 'Changes', raw: 'Raw' };

/** The body of a message: read as JSON, as what it changes, or exactly as it travelled. */
export function EventPayload({ raw, byteLength, changes, onId }: EventPayloadProps) {
  const [mode, setMode] = useState<Mode>('pretty');
  if (raw.state !== 'ready') {
    return (
      <div className="p-4">
        <UnreadRaw raw={raw} name="This message" byteLength={byteLength} />
      </div>
    );
  }
  const { text, bytes } = raw;
  return (
    <div className="border-t">
      <div className="sticky top-0 z-[1] flex items-center gap-1 border-b bg-surface px-3 py-1">
        {(changes === null ? (['pretty', 'raw'] as const) : (['pretty', 'changes', 'raw'] as const)).map((each) => (
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
            {TITLES[each]}
          </button>
        ))}
        {text === null ? null : <CopyButton text={text} label="Copy the exact message" className="ml-auto" />}
      </div>
      <div className="px-3 py-2" role="region" aria-label="Message">
        {text === null ? (
          <HexView bytes={bytes} />
        ) : mode === 'raw' ? (
          <RawText text={text} />
        ) : mode === 'changes' && changes !== null ? (
          changes(text)
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
