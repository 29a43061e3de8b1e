/** The lanes from top to bottom, in pixels of height. */
export const LANES = [
  { id: 'speech', label: 'User speech', short: 'Speech', height: 18 },
  { id: 'client', label: 'Client events', short: 'Client', height: 22 },
  { id: 'server', label: 'Server events', short: 'Server', height: 22 },
  { id: 'audio', label: 'Audio, both ways', short: 'Audio', height: 32 },
  { id: 'responses', label: 'Responses', short: 'Resp.', height: 20 },
  { id: 'items', label: 'Items', short: 'Items', height: 27 },
  { id: 'tools', label: 'Tool calls', short: 'Tools', height: 18 },
  { id: 'usage', label: 'Tokens and cost', short: 'Usage', height: 20 },
  { id: 'errors', label: 'Errors and gaps', short: 'Errors', height: 16 },
  { id: 'anomalies', label: 'Anomalies', short: 'Anom.', height: 18 },
] as const;

export type LaneId = (typeof LANES)[number]['id'];

export const LANE_IDS: readonly LaneId[] = LANES.map(({ id }) => id);

/** A lane's place on the canvas. */
export interface LaneBox {
  readonly id: LaneId;
  readonly label: string;
  readonly short: string;
  readonly top: number;
  readonly height: number;
}

/** The lanes of a page, and the height of ruler and lanes together. */
export interface LaneStack {
  readonly boxes: readonly LaneBox[];
  readonly height: number;
}

export const RULER_HEIGHT = 22;
const GAP = 5;

/** Stacks the lanes that are shown. */
export function stackLanes(isShown: (id: LaneId) => boolean): LaneStack {
  let top = RULER_HEIGHT + GAP;
  const boxes = LANES.filter((lane) => isShown(lane.id)).map((lane) => {
    const box = { ...lane, top };
    top += lane.height + GAP;
    return box;
  });
  return { boxes, height: top };
}

/** Every lane: what a live session may still fill. */
export const ALL_LANES = stackLanes(() => true);

/** The lane at a height; null on the ruler and between lanes. */
export function laneAt({ boxes }: LaneStack, y: number): LaneBox | null {
  return boxes.find((box) => y >= box.top - 2 && y < box.top + box.height + 3) ?? null;
}

/** Width of the labels at the left. */
export function gutterOf(width: number): number {
  return width < 640 ? 58 : 118;
}
