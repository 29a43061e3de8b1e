/** The ways to look at a session. Names stand in the URL, are short and stay: people keep these links. */
export const TABS = ['timeline', 'conversation', 'responses', 'tools', 'configuration', 'usage', 'anomalies', 'raw'] as const;
export type Tab = (typeof TABS)[number];

export const TAB_TITLES: Readonly<Record<Tab, string>> = {
  timeline: 'Timeline',
  conversation: 'Conversation',
  responses: 'Responses',
  tools: 'Tools',
  configuration: 'Configuration',
  usage: 'Usage',
  anomalies: 'Anomalies',
  raw: 'Raw',
};
