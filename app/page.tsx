import { redirect } from 'next/navigation';

/** The overview is not there yet; the list of sessions is what it would lead to. */
export default function HomePage() {
  redirect('/sessions');
}
