import type { Json, JsonObject } from '#lib/base/json.ts';
import { arrayAt, stringAt } from '#lib/base/json.ts';
import type { ProviderClock } from './provider-clock.ts';
import type { SessionConfig } from './session-config.ts';
import { makeWireId } from './wire-ids.ts';

/** Labels of the MCP servers that a session names. */
export function mcpServers(config: SessionConfig): string[] {
  return arrayAt(config, 'tools').flatMap((tool) =>
    stringAt(tool, 'type') === 'mcp' ? (stringAt(tool, 'server_label') ?? []) : [],
  );
}

interface ListingInput {
  readonly server: string;
  readonly tools: readonly string[];
  readonly previousItemId: string | null;
  readonly clock: ProviderClock;
  emit(event: JsonObject): void;
}

const LISTING_MS = 350;

/** Fetches the tools of an MCP server, as the provider does once a session names it: an item of the conversation, and its progress. */
export async function listMcpTools({ server, tools, previousItemId, clock, emit }: ListingInput): Promise<void> {
  const id = makeWireId('item');
  const item = (listed: Json[]): JsonObject => ({
    previous_item_id: previousItemId,
    item: { id, type: 'mcp_list_tools', server_label: server, tools: listed },
  });
  emit({ type: 'conversation.item.added', ...item([]) });
  emit({ type: 'mcp_list_tools.in_progress', item_id: id });
  await clock.wait(LISTING_MS);
  emit({ type: 'mcp_list_tools.completed', item_id: id });
  emit({ type: 'conversation.item.done', ...item(tools.map(describeTool)) });
}

function describeTool(name: string): JsonObject {
  return { name, description: null, annotations: null, input_schema: { type: 'object', properties: {} } };
}
