/** Who spoke to whom, by party. `unknown` only for imports whose source does not say. */
export type Direction = 'client_to_server' | 'server_to_client' | 'unknown';
