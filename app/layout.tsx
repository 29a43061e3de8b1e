import type { Metadata } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Providers } from './_ui/providers.tsx';
import { TopBar } from './_ui/top-bar.tsx';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Deltascope', template: '%s · Deltascope' },
  description: 'Flight recorder and doctor for realtime AI sessions.',
};

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  // The request's own nonce lets our inline scripts run; reading it also keeps every page from being prerendered without one.
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    <html lang="en" suppressHydrationWarning>
      <body className="flex h-dvh flex-col overflow-hidden">
        <Providers nonce={nonce}>
          <TopBar />
          {children}
        </Providers>
      </body>
    </html>
  );
}
