'use client';

import { Tabs } from 'radix-ui';
import { cn } from './class-names.ts';
import { CopyButton } from './copy-button.tsx';
import { DemoButton } from './demo-button.tsx';
import type { Tap } from './recipes.ts';
import { makeRecipes } from './recipes.ts';

/** How to get a first session: the one line to change, per client, or the demo. */
export function FirstSteps({ tap }: { readonly tap: Tap }) {
  const recipes = makeRecipes(tap);
  return (
    <main className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto max-w-3xl px-5 py-14 max-sm:py-8">
        <h1 className="font-semibold text-xl tracking-tight">Point your application at the tap</h1>
        <p className="mt-2 text-muted text-sm leading-6">
          One line changes. Your key goes through to the provider as before and is never stored. Sessions appear under{' '}
          <span className="text-ink">Sessions</span> the moment they begin.
        </p>
        <Tabs.Root defaultValue={recipes[0]?.id ?? ''} className="mt-6 overflow-hidden rounded-xl border bg-surface">
          <Tabs.List aria-label="Client" className="flex gap-1 overflow-x-auto border-b px-2">
            {recipes.map((recipe) => (
              <Tabs.Trigger
                key={recipe.id}
                value={recipe.id}
                className="-mb-px h-10 shrink-0 border-transparent border-b-2 px-2.5 text-muted text-xs hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
              >
                {recipe.title}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          {recipes.map((recipe) => (
            <Tabs.Content key={recipe.id} value={recipe.id} className="relative">
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
              <pre tabIndex={0} className="overflow-x-auto py-4 font-mono text-xs leading-5">
                {/* As wide as its longest line and the button after it. */}
                <code className="block w-max min-w-full">
                  {recipe.code.split('\n').map((line, index) => (
                    <span
                      key={line}
                      className={cn(
                        'block pr-12 pl-4',
                        recipe.changed.includes(index) ? 'bg-accent-soft text-ink' : 'text-muted',
                      )}
                    >
                      {line || ' '}
                    </span>
                  ))}
                </code>
              </pre>
              <CopyButton text={recipe.code} label="Copy" className="absolute top-2.5 right-2.5 bg-surface" />
              <p className="border-t px-4 py-3 text-muted text-xs leading-5">{recipe.note}</p>
            </Tabs.Content>
          ))}
        </Tabs.Root>
        <h2 className="mt-10 font-semibold text-sm">No key at hand?</h2>
        <p className="mt-1 text-muted">Play a few calls of a simulated provider through the tap, here or in a second terminal:</p>
        <DemoButton />
        <Command text="npm run demo" />
        <h2 className="mt-8 font-semibold text-sm">Already have a recording?</h2>
        <p className="mt-1 text-muted">NDJSON, JSON arrays, and our own export. Where a file has no times, none are invented.</p>
        <Command text="npm run deltascope -- import session.jsonl" />
      </div>
    </main>
  );
}

function Command({ text }: { readonly text: string }) {
  return (
    <div className="mt-2.5 flex items-center rounded-lg border bg-surface py-1.5 pr-2 pl-4">
      <code className="min-w-0 truncate font-mono text-xs">{text}</code>
      <CopyButton text={text} label="Copy" className="ml-auto" />
    </div>
  );
}
