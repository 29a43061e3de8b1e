import { Badge } from '../../../_ui/badge.tsx';
import { cn } from '../../../_ui/class-names.ts';
import { formatDuration } from '../../../_ui/format.ts';
import type { ConversationLine } from './conversation-lines.ts';
import { splitHeard } from './heard-text.ts';
import { LineDot } from './line-dot.tsx';

const LOOKS = {
  user: ['User', 'bg-client', 'text-client'],
  assistant: ['Assistant', 'bg-server', 'text-server'],
  system: ['System', 'bg-neutral', 'text-muted'],
} as const;

/** Something that was said or written. */
export function SpeechLine({ line }: { readonly line: Extract<ConversationLine, { kind: 'speech' }> }) {
  const { item } = line;
  const [name, dot, colour] = LOOKS[line.speaker];
  return (
    <>
      <LineDot className={dot} />
      <div className="flex flex-wrap items-center gap-2">
        <span className={cn('font-medium text-xs', colour)}>{name}</span>
        {line.voiceToVoiceMs === null ? null : (
          <Badge title="From the end of the user’s speech to the first audio of this answer">
            {formatDuration(line.voiceToVoiceMs)} to speak
          </Badge>
        )}
        {item.truncatedAtMs === null ? null : <Heard atMs={item.truncatedAtMs} audioMs={item.audioMs} />}
        {line.interrupted === null ? null : <Badge tone="warn">interrupted · {line.interrupted}</Badge>}
        {item.deleted ? <Badge>deleted later</Badge> : null}
      </div>
      <p className="mt-0.5 max-h-96 overflow-auto whitespace-pre-wrap text-sm leading-6 [overflow-wrap:anywhere]">
        {textOf(line)}
      </p>
    </>
  );
}

/** Where the client cut the audio. It counts whole milliseconds: within one of the end nothing is missing. */
function Heard({ atMs, audioMs }: { readonly atMs: number; readonly audioMs: number }) {
  if (audioMs > 0 && audioMs - atMs < 1) return <Badge title="The client cut the audio where it ended">heard to its end</Badge>;
  return (
    <Badge tone="warn" title="The client cut the rest of the audio: it was generated, but not heard">
      heard up to {formatDuration(atMs)}
      {audioMs > 0 ? ` of ${formatDuration(audioMs)}` : ''}
    </Badge>
  );
}

function textOf({ item, speaker }: Extract<ConversationLine, { kind: 'speech' }>) {
  if (item.text !== null && item.text !== '') {
    const parts = splitHeard(item.text.slice(0, 20_000), item.truncatedAtMs, item.audioMs);
    if (parts === null) return item.text.slice(0, 20_000);
    return (
      <>
        {parts.heard}
        <s
          className="text-faint"
          title="Never heard: the audio was cut about here. Which word it was is estimated from the share that was played."
        >
          <span className="sr-only">Never heard: </span>
          {parts.unheard}
        </s>
      </>
    );
  }
  if (item.transcriptionStatus === 'failed')
    return <span className="text-error">Transcription failed{item.errorMessage === null ? '' : `: ${item.errorMessage}`}</span>;
  const why = speaker === 'user' ? 'spoken; no transcript was asked for or came' : 'no words came';
  return <span className="text-faint italic">{why}</span>;
}
