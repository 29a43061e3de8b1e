import type { EventFlag } from '#lib/session/view.ts';
import { Badge } from '../../../_ui/badge.tsx';

const MEANINGS: Readonly<Record<EventFlag, readonly [word: string, meaning: string, tone: 'plain' | 'warn']>> = {
  masked: ['masked', 'A secret in this message was masked before it was stored.', 'plain'],
  audio_dropped: ['audio dropped', 'The spool was full: the audio of this message was not kept.', 'warn'],
  unknown_type: ['unknown type', 'The catalogue does not know this type. The message is kept as it came.', 'warn'],
  sanitised: ['sanitised', 'Index columns were escaped or capped; the raw message is exact.', 'plain'],
  invalid_utf8: ['not UTF-8', 'The message is not valid UTF-8; its bytes are kept.', 'warn'],
  quarantined: ['quarantined', 'The database refused this message; it is kept apart.', 'warn'],
};

/** What to know of how a message was recorded. */
export function EventFlags({ flags }: { readonly flags: readonly EventFlag[] }) {
  return flags.map((flag) => {
    const [word, meaning, tone] = MEANINGS[flag] ?? [flag, '', 'plain'];
    return (
      <Badge key={flag} tone={tone} title={meaning} className="h-4 shrink-0 px-1">
        {word}
      </Badge>
    );
  });
}
