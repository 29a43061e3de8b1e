import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import './globals.css';

// Every page shows what is recorded now, and carries its request's CSP nonce: nothing is prerendered.
export const dynamic = 'force-dynamic';

export const metadata: Metadata = { title: { default: 'Deltascope', template: '%s · Deltascope' } };

export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <body>{children}</body>
    </html>
  );
}
