import Link from 'next/link';
import { EmptyState } from './_ui/empty-state.tsx';

/** For an address that leads nowhere. */
export default function NotFound() {
  return (
    <main>
      <EmptyState title="There is no such page">
        <Link href="/sessions" className="text-accent hover:underline">
          To the sessions
        </Link>
      </EmptyState>
    </main>
  );
}
