'use client';

import { Play } from 'lucide-react';
import { useState } from 'react';
import { toProblem } from '../_live/fetch-json.ts';
import { sendJson } from '../_live/send-json.ts';
import { Button } from './button.tsx';

/** Has the dashboard play the simulator's calls through the tap. */
export function DemoButton() {
  const [said, setSaid] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const start = async () => {
    setBusy(true);
    try {
      await sendJson('POST', '/demo');
      setSaid('Calls are being played. They appear under Sessions as they begin.');
    } catch (error) {
      setBusy(false);
      const { status, message } = toProblem(error);
      setSaid(status === 409 ? 'The simulator is switched off (DELTASCOPE_SIMULATOR).' : message);
    }
  };
  return (
    <div className="mt-2.5 flex flex-wrap items-center gap-3">
      <Button disabled={busy} onClick={() => void start()}>
        <Play className="size-3.5" aria-hidden="true" />
        Run the demo
      </Button>
      <span role="status" className="text-muted text-xs">
        {said}
      </span>
    </div>
  );
}
