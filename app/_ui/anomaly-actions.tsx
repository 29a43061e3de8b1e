'use client';

import { useState } from 'react';
import type { WallMicros } from '#lib/base/brand.ts';
import { toIsoTime } from '#lib/base/wall-time.ts';
import type { AnomalyState } from '#lib/session/view.ts';
import { toProblem } from '../_live/fetch-json.ts';
import { sendJson } from '../_live/send-json.ts';
import { Button } from './button.tsx';
import { MuteMenu } from './mute-menu.tsx';

/** What a person can say of an anomaly, or of all of one kind. */
interface Saying {
  readonly label: string;
  readonly title: string;
  readonly state: AnomalyState;
}

const SAYINGS: readonly Saying[] = [
  { label: 'Acknowledge', title: 'Seen; somebody looks after it', state: 'acknowledged' },
  { label: 'Resolve', title: 'Its cause is gone', state: 'resolved' },
  { label: 'Reopen', title: 'Back among the open ones', state: 'open' },
];

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
  const say = async (next: AnomalyState, muteMs: number | null = null) => {
    setBusy(true);
    setFailed(null);
    const mutedUntil = muteMs === null ? null : toIsoTime(((Date.now() + muteMs) * 1000) as WallMicros);
    try {
      await sendJson('PATCH', path, { state: next, mutedUntil });
      onDone(next);
    } catch (error) {
      setFailed(toProblem(error).message);
    } finally {
      setBusy(false);
    }
  };
  const shown = SAYINGS.filter((each) => each.state !== state);
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {shown.map(({ label, title, state: next }) => (
        <Button key={label} disabled={busy} title={title} onClick={() => void say(next)} className="h-6 text-2xs">
          {label}
        </Button>
      ))}
      <MuteMenu disabled={busy} onMute={(ms) => void say('muted', ms)} />
      {failed === null ? null : (
        <span role="alert" className="text-error text-xs">
          {failed}
        </span>
      )}
    </div>
  );
}
