'use client';

import { Rows3 } from 'lucide-react';
import { CheckMenu } from '../_events/check-menu.tsx';
import type { LaneId, LaneStack } from './lanes.ts';
import { LANES } from './lanes.ts';
import type { LaneChoice } from './scene.ts';

interface LaneMenuProps {
  readonly lanes: LaneStack;
  /** What is shown where nobody chose. */
  readonly usual: Exclude<LaneChoice, readonly LaneId[]>;
  /** Whether somebody chose them; else they are the usual ones. */
  readonly chosen: boolean;
  /** Null: the usual ones. */
  readonly onLanes: (lanes: LaneId[] | null) => void;
}

const USUAL = 'usual';
const USUAL_LABELS = { telling: 'Those that say something', every: 'All lanes' } as const;

/** Chooses the lanes; the choice stands in the link. */
export function LaneMenu({ lanes, usual, chosen, onLanes }: LaneMenuProps) {
  const shown = lanes.boxes.map(({ id }) => id);
  const toggle = (id: string) => {
    if (id === USUAL) return onLanes(null);
    const next = LANES.map((lane) => lane.id).filter((each) => (each === id ? !shown.includes(each) : shown.includes(each)));
    if (next.length > 0) onLanes(next);
  };
  return (
    <CheckMenu
      pressed={chosen}
      checks={[
        { id: USUAL, label: USUAL_LABELS[usual], checked: !chosen },
        ...LANES.map(({ id, label }) => ({ id, label, checked: shown.includes(id) })),
      ]}
      onToggle={toggle}
    >
      <Rows3 className="size-3.5" aria-hidden="true" />
      <span className="max-sm:sr-only">Lanes</span>
    </CheckMenu>
  );
}
