import type { RuleMeta, RuleText } from '#lib/rules/rule.ts';
import { Panel } from '../../../_charts/panel.tsx';
import { CodeText } from '../../../_ui/code-text.tsx';

/** What the rule says, what it watches, and what of it can be set. */
export function RuleWords({ meta }: { readonly meta: RuleMeta }) {
  const options = Object.entries(meta.options);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[1fr_22rem]">
      <Panel title="What it says">
        <ul className="px-4 pb-2">
          {Object.entries(meta.texts).map(([variant, text]) => (
            <Words key={variant} variant={variant} text={text} />
          ))}
        </ul>
      </Panel>
      <div className="grid gap-4">
        <Panel title="Options">
          {options.length === 0 ? <p className="px-4 pb-3 text-muted text-xs">It has none.</p> : null}
          <dl className="px-4 pb-3">
            {options.map(([name, option]) => (
              <div key={name} className="py-1">
                <dt className="flex justify-between font-mono text-2xs">
                  {name} <span className="text-muted">{option.default}</span>
                </dt>
                <dd className="text-muted text-xs">
                  <CodeText text={option.says} /> At least {option.min}.
                </dd>
              </div>
            ))}
          </dl>
        </Panel>
        <Panel title="What it watches">
          <ul className="px-4 pb-3 font-mono text-2xs text-muted leading-5">
            {meta.consumes.map((type) => (
              <li key={type} className="truncate">
                {type}
              </li>
            ))}
          </ul>
        </Panel>
      </div>
    </div>
  );
}

function Words({ variant, text }: { readonly variant: string; readonly text: RuleText }) {
  return (
    <li className="border-t py-2.5 first:border-0">
      <h3 className="flex items-baseline gap-2 font-medium">
        <CodeText text={named(text.title)} />
        {variant === 'default' ? null : <span className="font-mono text-2xs text-faint">{variant}</span>}
      </h3>
      <p className="mt-0.5 max-w-prose text-muted text-xs leading-5">
        <CodeText text={named(text.why)} />
      </p>
      <p className="mt-1 max-w-prose text-xs leading-5">
        <CodeText text={named(text.fix)} />
      </p>
    </li>
  );
}

/** What a finding fills in stands as a name. */
function named(template: string): string {
  return template.replace(/\{([a-zA-Z]+)\}/g, '`$1`');
}
