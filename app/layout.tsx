import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { IncidentNotices } from './_live/incident-notices.tsx';
import { hasPassword } from './_server/has-password.ts';
import { NavLinks } from './_ui/nav-links.tsx';
import { OutsideLogin } from './_ui/outside-login.tsx';
import { Providers } from './_ui/providers.tsx';
import { TopBar } from './_ui/top-bar.tsx';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Deltascope', template: '%s · Deltascope' },
  description: 'Flight recorder and doctor for realtime AI sessions.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#101319' },
  ],
};

/** The frame of every page. Scripts run only with the request's nonce, which the server names in a header. */
export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? '';
  return (
    <html lang="en" suppressHydrationWarning>
      <body className="flex h-dvh flex-col overflow-hidden">
        <Providers nonce={nonce}>
          <OutsideLogin>
            <TopBar isLocked={hasPassword()} />
            <NavLinks place="bottom" />
            <IncidentNotices />
          </OutsideLogin>
          {children}
        </Providers>
      </body>
    </html>
  );
}
