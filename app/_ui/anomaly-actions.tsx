'use client';

import { useState } from 'react';
import type { WallMicros } from '#lib/base/brand.ts';
import { DAY_MS } from '#lib/base/durations.ts';
import { toIsoTime } from '#lib/base/wall-time.ts';
import type { AnomalyState } from '#lib/session/view.ts';
import { toProblem } from '../_live/fetch-json.ts';
import { sendJson } from '../_live/send-json.ts';
import { Button } from './button.tsx';

/** What a person can say of an anomaly, or of all of one kind. */
interface Saying {
  readonly label: string;
  readonly title: string;
  readonly state: AnomalyState;
  readonly muteDays?: number;
}

const SAYINGS: readonly Saying[] = [
  { label: 'Acknowledge', title: 'Seen; somebody looks after it', state: 'acknowledged' },
  { label: 'Resolve', title: 'Its cause is gone', state: 'resolved' },
  { label: 'Mute 7 days', title: 'Out of the way for a week', state: 'muted', muteDays: 7 },
];
const REOPEN: Saying = { label: 'Reopen', title: 'Back among the open ones', state: 'open' };

interface AnomalyActionsProps {
  /** Where the change is sent: one anomaly, or a group. */
  readonly path: string;
  /** How it stands now. */
  readonly state: AnomalyState;
  readonly onDone: (state: AnomalyState) => void;
}

/** Buttons for what a person makes of an anomaly. */
export function AnomalyActions({ path, state, onDone }: AnomalyActionsProps) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const say = async (saying: Saying) => {
    setBusy(true);
    setFailed(null);
    const until = saying.muteDays === undefined ? null : (Date.now() + saying.muteDays * DAY_MS) * 1000;
    const mutedUntil = until === null ? null : toIsoTime(until as WallMicros);
    try {
      await sendJson('PATCH', path, { state: saying.state, mutedUntil });
      onDone(saying.state);
    } catch (error) {
      setFailed(toProblem(error).message);
    } finally {
      setBusy(false);
    }
  };
  const shown = state === 'open' ? SAYINGS : [...SAYINGS.filter((each) => each.state !== state), REOPEN];
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {shown.map((saying) => (
        <Button key={saying.label} disabled={busy} title={saying.title} onClick={() => void say(saying)} className="h-6 text-2xs">
          {saying.label}
        </Button>
      ))}
      {failed === null ? null : (
        <span role="alert" className="text-error text-xs">
          {failed}
        </span>
      )}
    </div>
  );
}
