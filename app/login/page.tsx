import type { Metadata } from 'next';
import { Logo } from '../_ui/logo.tsx';
import { ThemeToggle } from '../_ui/theme-toggle.tsx';
import { LoginForm } from './login-form.tsx';
import { ScopeBackdrop } from './scope-backdrop.tsx';

export const metadata: Metadata = { title: 'Log in' };

interface LoginPageProps {
  readonly searchParams: Promise<{ readonly from?: string | string[]; readonly problem?: string | string[] }>;
}

/** Asks for the password. What the form sends is checked in `workers/dashboard/sign-in.ts`. */
export default async function LoginPage({ searchParams }: LoginPageProps) {
  const { from, problem } = await searchParams;
  return (
    <main className="relative grid flex-1 place-items-center overflow-auto p-5">
      <ScopeBackdrop />
      <div className="absolute top-3 right-3">
        <ThemeToggle />
      </div>
      <div className="relative w-full max-w-sm">
        <h1 className="flex items-center justify-center gap-2.5 font-semibold text-xl tracking-tight">
          <Logo className="size-7" />
          Deltascope
        </h1>
        <p className="mt-1.5 text-center text-muted text-sm">Flight recorder and doctor for realtime AI sessions</p>
        <LoginForm from={firstOf(from)} problem={firstOf(problem)} />
      </div>
    </main>
  );
}

function firstOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
