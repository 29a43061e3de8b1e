import type { JsonObject } from '#lib/base/json.ts';
import { CopyButton } from '../../../_ui/copy-button.tsx';
import { JsonTree } from '../../../_ui/json-tree.tsx';
import { ConfigChip } from '../_header/config-chip.tsx';
import type { SessionData } from '../_live/session-data.ts';
import { ConfigFindings } from './config-findings.tsx';
import { ConfigTable } from './config-table.tsx';
import { TabPage } from './tab-page.tsx';

/** What the client asked for beside what the provider says is in effect. */
export function ConfigurationTab({ data }: { readonly data: SessionData }) {
  const { session } = data;
  return (
    <TabPage label="Configuration">
      <div className="flex items-center gap-2 px-4 pt-4">
        <ConfigChip session={session} />
        <span className="text-muted">Later updates lie over earlier ones.</span>
      </div>
      <ConfigFindings data={data} />
      {session.requestedConfig === null || session.effectiveConfig === null ? null : (
        <ConfigTable requested={session.requestedConfig} effective={session.effectiveConfig} provider={session.provider} />
      )}
      <div className="grid items-start gap-4 p-4 md:grid-cols-2">
        <ConfigPane
          title="Requested by the client"
          config={session.requestedConfig}
          none={
            session.counts.clientEvents === 0
              ? 'No message of the client was recorded: what it asked for is not known.'
              : 'The client sent no session.update: the provider’s defaults hold.'
          }
        />
        <ConfigPane
          title="In effect, as the provider reported"
          config={session.effectiveConfig}
          none="The provider has not reported its configuration."
        />
      </div>
    </TabPage>
  );
}

interface ConfigPaneProps {
  readonly title: string;
  readonly config: JsonObject | null;
  readonly none: string;
}

function ConfigPane({ title, config, none }: ConfigPaneProps) {
  return (
    <section className="min-w-0 rounded-lg border bg-surface">
      <div className="flex h-9 items-center border-b px-3">
        <h2 className="font-medium text-xs">{title}</h2>
        {config === null ? null : (
          <CopyButton text={() => JSON.stringify(config, null, 2)} label="Copy as JSON" className="ml-auto" />
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div role="region" aria-label={title} tabIndex={0} className="overflow-x-auto p-3 font-mono text-2xs leading-[1.15rem]">
        {config === null ? <p className="font-sans text-muted text-xs">{none}</p> : <JsonTree value={config} />}
      </div>
    </section>
  );
}
