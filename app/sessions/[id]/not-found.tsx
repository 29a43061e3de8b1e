import Link from 'next/link';
import { EmptyState } from '../../_ui/empty-state.tsx';

/** For a session that was erased, dropped by retention, or never recorded here. */
export default function SessionNotFound() {
  return (
    <main>
      <EmptyState title="This session is not here">
        <p>It was erased, is older than the retention keeps, or was recorded into another database.</p>
        <p className="mt-3">
          <Link href="/sessions" className="text-accent hover:underline">
            All sessions
          </Link>
        </p>
      </EmptyState>
    </main>
  );
}
