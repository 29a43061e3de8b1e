/** Why the form is shown again, by the word in the address. */
const PROBLEMS: Readonly<Record<string, string>> = {
  wrong: 'That is not the password.',
  wait: 'Too many wrong passwords came from your address. Wait a minute, then try again.',
  unreachable: 'The database does not answer, so nobody can log in or out just now. Recording goes on.',
};

interface LoginFormProps {
  readonly from: string | undefined;
  readonly problem: string | undefined;
}

/** A plain form: it works before, and without, scripts. */
export function LoginForm({ from, problem }: LoginFormProps) {
  const text = problem === undefined ? undefined : PROBLEMS[problem];
  return (
    <form method="post" action="/auth/sign-in" className="mt-7 rounded-2xl border bg-surface p-6 shadow-pop">
      {/* Password managers file a password under a name. */}
      <input type="text" name="username" value="operator" autoComplete="username" readOnly hidden />
      {from !== undefined && <input type="hidden" name="from" value={from} />}
      <label htmlFor="password" className="font-medium text-sm">
        Password
      </label>
      <input
        id="password"
        name="password"
        type="password"
        required
        // biome-ignore lint/a11y/noAutofocus: the page has this one purpose
        autoFocus
        autoComplete="current-password"
        aria-invalid={problem === 'wrong'}
        aria-describedby={text === undefined ? 'password-hint' : 'password-problem password-hint'}
        className="mt-2 h-10 w-full rounded-lg border border-line-strong bg-ground px-3 text-sm outline-none focus:border-accent focus:ring-3 focus:ring-accent-soft aria-invalid:border-error"
      />
      {text !== undefined && (
        <p id="password-problem" role="alert" className="mt-3 rounded-lg bg-error-soft px-3 py-2 text-error text-xs leading-5">
          {text}
        </p>
      )}
      <button
        type="submit"
        className="mt-4 h-10 w-full rounded-lg bg-accent font-medium text-accent-ink text-sm hover:opacity-90 active:opacity-80"
      >
        Log in
      </button>
      <p id="password-hint" className="mt-4 text-faint text-xs leading-5">
        It is what <code className="font-mono">DELTASCOPE_PASSWORD</code> says where this dashboard runs.
      </p>
    </form>
  );
}
