import { LogOut } from 'lucide-react';

/** Ends the session in this browser. A plain form: the server answers with the login page. */
export function SignOut() {
  return (
    <form method="post" action="/auth/sign-out" className="contents">
      <button
        type="submit"
        aria-label="Log out"
        title="Log out"
        className="grid size-7 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink"
      >
        <LogOut className="size-4" aria-hidden="true" />
      </button>
    </form>
  );
}
