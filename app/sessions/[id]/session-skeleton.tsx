import { Skeleton } from '../../_ui/skeleton.tsx';
import { ALL_LANES } from './_timeline/lanes.ts';

/** The timeline's shape while it is being read. */
export function SessionSkeleton() {
  return (
    <div className="flex min-h-0 flex-1 flex-col" role="status" aria-label="Reading the session">
      <div className="space-y-3 bg-surface p-4" style={{ height: ALL_LANES.height + 44 }}>
        {[70, 92, 88, 60, 75, 50].map((width) => (
          <Skeleton key={width} className="h-4" />
        ))}
      </div>
      <div className="space-y-2.5 border-t p-4">
        {[62, 48, 70, 55, 66, 40, 58].map((width) => (
          <div key={width} className="flex gap-4">
            <Skeleton className="h-3 w-12" />
            <div style={{ width: `${width}%` }}>
              <Skeleton className="h-3" />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
