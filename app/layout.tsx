import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Providers } from './_ui/providers.tsx';
import { TopBar } from './_ui/top-bar.tsx';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Deltascope', template: '%s · Deltascope' },
  description: 'Flight recorder and doctor for realtime AI sessions.',
};

export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <body className="flex h-dvh flex-col overflow-hidden">
        <Providers>
          <TopBar />
          {children}
        </Providers>
      </body>
    </html>
  );
}
