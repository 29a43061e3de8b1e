import Link from 'next/link';
import { registry } from '#lib/rules/registry.ts';
import { RecordingNotice } from '../_live/recording-notice.tsx';
import { CommandPalette } from '../_palette/command-palette.tsx';
import { KeyHelp } from './key-help.tsx';
import { Logo } from './logo.tsx';
import { NavLinks } from './nav-links.tsx';
import { SignOut } from './sign-out.tsx';
import { ThemeToggle } from './theme-toggle.tsx';

/** The bar above every page. `isLocked`: a password is set, so one can log out. */
export function TopBar({ isLocked }: { readonly isLocked: boolean }) {
  return (
    <header className="flex h-11 shrink-0 items-center gap-1 border-b bg-surface px-3">
      <Link href="/" className="mr-2 flex shrink-0 items-center gap-2 rounded font-semibold tracking-tight">
        <Logo />
        Deltascope
      </Link>
      <NavLinks place="top" />
      <div className="ml-auto flex shrink-0 items-center gap-1 pl-1">
        <RecordingNotice />
        <CommandPalette rules={registry.map(({ meta }) => meta.id)} />
        <KeyHelp />
        <ThemeToggle />
        {isLocked && <SignOut />}
      </div>
    </header>
  );
}
