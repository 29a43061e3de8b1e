import { Skeleton } from '../../_ui/skeleton.tsx';

/** The list's shape while it is being read. */
export function SessionListSkeleton() {
  return (
    <div role="status" aria-label="Reading the sessions" className="px-4 py-2">
      {[82, 74, 90, 66, 78, 70, 86, 72].map((width) => (
        <div key={width} className="flex h-10 items-center gap-4 border-b">
          <Skeleton className="size-2 rounded-full" />
          <div style={{ width: `${width}%` }}>
            <Skeleton className="h-3" />
          </div>
        </div>
      ))}
    </div>
  );
}
