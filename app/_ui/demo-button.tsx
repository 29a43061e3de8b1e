'use client';

import { Play } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { toProblem } from '../_live/fetch-json.ts';
import { sendJson } from '../_live/send-json.ts';
import { Button } from './button.tsx';

const PLAYED = (
  <>
    Calls are being played for about half a minute. They appear under{' '}
    <Link href="/sessions" className="text-accent hover:underline">
      Sessions
    </Link>{' '}
    as they begin.
  </>
);

/** Has the dashboard play the simulator's calls through the tap. */
export function DemoButton() {
  const [said, setSaid] = useState<ReactNode>(null);
  const [busy, setBusy] = useState(false);
  const start = async () => {
    setBusy(true);
    try {
      await sendJson('POST', '/demo');
      setSaid(PLAYED);
    } catch (error) {
      const { status, message } = toProblem(error);
      setSaid(status === 409 ? 'The simulator is switched off (DELTASCOPE_SIMULATOR).' : message);
    }
    setBusy(false);
  };
  return (
    <div className="mt-2.5 flex flex-wrap items-center gap-3">
      <Button isPrimary disabled={busy} onClick={() => void start()}>
        <Play className="size-3.5" aria-hidden="true" />
        Run the demo
      </Button>
      <span role="status" className="text-muted text-xs">
        {said}
      </span>
    </div>
  );
}
