'use client';

import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

/** What every page has but the login page: a visitor without a session has nowhere to go, and no live connection. */
export function OutsideLogin({ children }: { readonly children: ReactNode }) {
  return usePathname() === '/login' ? null : children;
}
