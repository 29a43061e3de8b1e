'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { cn } from './class-names.ts';

/** A place in the top bar, marked when the page is there or below. */
export function NavLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  const path = usePathname();
  const here = path === href || path.startsWith(`${href}/`);
  return (
    <Link
      href={href}
      aria-current={here ? 'page' : undefined}
      className={cn('shrink-0 rounded-md px-2 py-1 text-muted hover:text-ink', here && 'bg-raised text-ink')}
    >
      {children}
    </Link>
  );
}
