import Link from 'next/link';
import { RecordingNotice } from '../_live/recording-notice.tsx';
import { KeyHelp } from './key-help.tsx';
import { Logo } from './logo.tsx';
import { NavLink } from './nav-link.tsx';
import { SignOut } from './sign-out.tsx';
import { ThemeToggle } from './theme-toggle.tsx';

/** The bar above every page. `isLocked`: a password is set, so one can log out. */
export function TopBar({ isLocked }: { readonly isLocked: boolean }) {
  return (
    <header className="flex h-11 shrink-0 items-center gap-1 border-b bg-surface px-3">
      <Link href="/" className="mr-2 flex shrink-0 items-center gap-2 rounded font-semibold tracking-tight">
        <Logo />
        <span className="max-sm:sr-only">Deltascope</span>
      </Link>
      <nav aria-label="Main" className="flex min-w-0 items-center gap-0.5 overflow-x-auto [scrollbar-width:none]">
        <NavLink href="/sessions">Sessions</NavLink>
        <NavLink href="/anomalies">Anomalies</NavLink>
        <NavLink href="/alerts">Alerts</NavLink>
        <NavLink href="/usage">Usage</NavLink>
        <NavLink href="/connect">Connect</NavLink>
      </nav>
      <div className="ml-auto flex shrink-0 items-center gap-1 pl-1">
        <RecordingNotice />
        <KeyHelp />
        <ThemeToggle />
        {isLocked && <SignOut />}
      </div>
    </header>
  );
}
