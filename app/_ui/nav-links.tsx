import { AudioLines, Bell, ChartColumn, Gauge, Plug, TriangleAlert } from 'lucide-react';
import { cn } from './class-names.ts';
import { NavLink } from './nav-link.tsx';

/** The places, in order. */
export const PLACES = [
  { href: '/', name: 'Overview', Icon: Gauge },
  { href: '/sessions', name: 'Sessions', Icon: AudioLines },
  { href: '/anomalies', name: 'Anomalies', Icon: TriangleAlert },
  { href: '/alerts', name: 'Alerts', Icon: Bell },
  { href: '/usage', name: 'Usage', Icon: ChartColumn },
  { href: '/connect', name: 'Connect', Icon: Plug },
] as const;

/** The places of the dashboard: in the top bar where there is room, else a bar under the thumb (`place` says which of the two this is). */
export function NavLinks({ place }: { readonly place: 'top' | 'bottom' }) {
  return (
    <nav
      aria-label="Main"
      className={cn(
        place === 'top'
          ? 'flex min-w-0 items-center gap-0.5 overflow-x-auto [scrollbar-width:none] max-sm:hidden'
          : 'order-last grid shrink-0 grid-cols-6 border-t bg-surface sm:hidden',
      )}
    >
      {PLACES.map(({ href, name, Icon }) => (
        <NavLink
          key={href}
          href={href}
          className={
            place === 'top'
              ? 'px-2 py-1'
              : 'grid h-13 place-content-center justify-items-center gap-0.5 rounded-none text-2xs max-[22rem]:text-[0.625rem]'
          }
        >
          {place === 'top' ? null : <Icon className="size-4.5" aria-hidden="true" />}
          {name}
        </NavLink>
      ))}
    </nav>
  );
}
