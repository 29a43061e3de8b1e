'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { cn } from './class-names.ts';

interface NavLinkProps {
  readonly href: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** A place of the dashboard, marked when the page is there or below. */
export function NavLink({ href, className, children }: NavLinkProps) {
  const path = usePathname();
  const here = path === href || path.startsWith(`${href}/`);
  return (
    <Link
      href={href}
      aria-current={here ? 'page' : undefined}
      className={cn('shrink-0 rounded-md text-muted hover:text-ink', className, here && 'bg-raised text-ink')}
    >
      {children}
    </Link>
  );
}
