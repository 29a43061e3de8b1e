/**
 * Every error a user can meet: stable code, meaning, what to do. One table; `docs/error-codes.md` is generated from it,
 * and each code has a test that produces it. A code is `DS_` + folder + fact.
 */
export const ERRORS = {
  DS_CONFIG_INVALID: {
    meaning: 'One or more settings cannot be used as given.',
    action: 'Correct the settings that the message names; `.env.example` lists every one with its default.',
  },
  DS_CONFIG_UNPROTECTED: {
    meaning: 'A worker was told to listen beyond loopback while no authentication is configured.',
    action: 'Set DELTASCOPE_PASSWORD (dashboard) or DELTASCOPE_CAPTURE_KEYS (tap), or bind to 127.0.0.1.',
  },
  DS_PROTOCOL_NOT_JSON: {
    meaning: 'A text message is not JSON.',
    action: 'Nothing is lost: the message is stored and shown as it came. Look at what the client or provider sent.',
  },
  DS_PROTOCOL_NOT_OBJECT: {
    meaning: 'A message is JSON, but not an object.',
    action: 'Nothing is lost: the message is stored and shown as it came.',
  },
  DS_PROTOCOL_NO_TYPE: {
    meaning: 'A message is a JSON object without a text `type`.',
    action: 'Nothing is lost: the message is stored and shown as it came.',
  },
  DS_PROTOCOL_BINARY: {
    meaning: 'A message is a binary frame.',
    action: 'Nothing is lost: the bytes are stored and shown in hex.',
  },
  DS_PROTOCOL_TOO_DEEP: {
    meaning: 'A message nests deeper than the reader goes.',
    action: 'Nothing is lost: the message is stored and shown as it came.',
  },
  DS_PROTOCOL_CATALOGUE_INVALID: {
    meaning: 'A file of the protocol catalogue says something that the reader does not understand.',
    action: 'Correct the file that the message names; `lib/protocol/generated/catalogue.schema.json` lists what is allowed.',
  },
  DS_SIMULATOR_CALL_STUCK: {
    meaning: 'A played call waited for an event that did not come, or its connection was closed or refused.',
    action: 'Look at the session that the message names; check that the tap and the simulator run.',
  },
  DS_SIMULATOR_SCENARIO_INVALID: {
    meaning: 'A scenario file of the simulator does not follow the form of scenarios.',
    action: 'Correct the fields that the message names; workers/simulator/README.md describes them.',
  },
  DS_SIMULATOR_SCENARIO_UNKNOWN: {
    meaning: 'There is no scenario of that name.',
    action: 'Use one of the names that the message lists.',
  },
  DS_START_POSTGRES_FAILED: {
    meaning: 'The embedded PostgreSQL could not be started.',
    action: 'Read the message; or set DATABASE_URL to a PostgreSQL (15 or later) of your own.',
  },
  DS_START_PORT_TAKEN: {
    meaning: 'A port that Deltascope listens on cannot be had; nothing was started.',
    action:
      'End the program that has the port (another `npm start`?), or choose another with the setting that the message names.',
  },
  DS_START_ALREADY_RUNNING: {
    meaning: 'Another `npm start` uses this data folder; nothing was started.',
    action: 'Use that one, or end it. A second one beside it needs a DELTASCOPE_DATA_DIR and ports of its own.',
  },
  DS_START_BUILD_IN_USE: {
    meaning: 'The dashboard has to be built anew, and another process of this checkout serves the build that is there.',
    action: 'End the other `npm start` (or test run) of this checkout, then start again; or start from another checkout.',
  },
  DS_START_BUILD_FAILED: {
    meaning: 'A part that is generated before the first start (dashboard, database client) could not be made.',
    action: 'Read the output above; `npm ci` restores everything that the build needs.',
  },
  DS_START_WORKER_FAILED: {
    meaning: 'A worker ended, or was not ready in time, while Deltascope was starting.',
    action: 'Read the log lines of that worker above.',
  },
  DS_RECORDER_FENCED: {
    meaning: 'Another recorder records the same spool into the same database.',
    action: 'Run one recorder per spool. Nothing is lost or doubled: this one stops, the other goes on.',
  },
  DS_STORE_SCHEMA_OLD: {
    meaning: 'The database lacks migrations that this version needs.',
    action:
      'Run `npm start` (or `npm run deltascope -- start`), which applies them, or apply prisma/migrations with `prisma migrate deploy`.',
  },
  DS_STORE_SCHEMA_NEW: {
    meaning: 'The database was migrated by a newer version of Deltascope.',
    action: 'Run that version, or use another database.',
  },
  DS_STORE_SESSION_OPEN: {
    meaning: 'The session is still being recorded, so it cannot be erased.',
    action: 'End the call first; a session whose tap died is closed by its recorder after ten seconds.',
  },
  DS_STORE_UNREACHABLE: {
    meaning: 'The database does not answer.',
    action: 'Check DATABASE_URL and that PostgreSQL is running; recording goes on into the spool meanwhile.',
  },
  DS_STORE_MIGRATION_CHANGED: {
    meaning: 'The file of a migration that this database already has was edited afterwards.',
    action: 'Restore the file as it was when it was applied, and make the change as a new migration.',
  },
  DS_DASHBOARD_UNKNOWN_HOST: {
    meaning: 'A request to the dashboard names a host that is not this one (a web page may be pointing its own name here).',
    action: 'Open the dashboard by its address, or list the name in DELTASCOPE_ALLOWED_HOSTS.',
  },
  DS_DASHBOARD_FOREIGN_ORIGIN: {
    meaning: 'Another web site tried to change something here or to watch.',
    action: 'Use the dashboard’s own pages; scripts send no `Origin`.',
  },
  DS_DASHBOARD_UNAUTHORIZED: {
    meaning: 'The dashboard is protected, and the request has neither a session nor the password.',
    action: 'Log in at `/login`; programs send the password of DELTASCOPE_PASSWORD by HTTP Basic, under any user name.',
  },
  DS_DASHBOARD_TOO_MANY_ATTEMPTS: {
    meaning: 'Too many wrong passwords came from this address.',
    action: 'Wait a minute, then try again.',
  },
  DS_DASHBOARD_NOT_BUILT: {
    meaning: 'The dashboard’s pages are not built.',
    action: 'Run `npm start`, which builds them, or `npx next build`.',
  },
  DS_ALERTS_ADDRESS_REFUSED: {
    meaning: 'An alert channel leads to a private, loopback or link-local address.',
    action: 'Use an address of the public internet, or set DELTASCOPE_ALERT_ALLOW_PRIVATE=1 for the alerter and the dashboard.',
  },
  DS_ALERTS_ALERTER_ABSENT: {
    meaning: 'No alerter has ever run on this database, so nothing could be sent.',
    action: 'Start it: `npm start` does, or run `node workers/alerter/main.ts`.',
  },
  DS_SEARCH_INVALID: {
    meaning: 'A search query cannot be read.',
    action: 'Correct it where the message says; `docs/search.md` describes the language.',
  },
  DS_SEARCH_TOO_LONG: {
    meaning: 'The database gave a search up because it took too long.',
    action: 'Narrow it: add a time range (`since:7d`) or another field, or look for a longer word.',
  },
  DS_API_INVALID: {
    meaning: 'A request to the API cannot be understood.',
    action: 'Correct what the message names; `/api/v1/openapi.json` describes every parameter.',
  },
  DS_API_NOT_FOUND: {
    meaning: 'What a request to the API names does not exist, or not any more.',
    action: 'List the sessions to see what is recorded; it may have been erased, or its retention may have ended.',
  },
  DS_API_METHOD_REFUSED: {
    meaning: 'A path of the API does not answer this method.',
    action: 'Use a method that the header `Allow` names; `/api/v1/openapi.json` describes each.',
  },
  DS_API_TOO_LARGE: {
    meaning: 'A request carries more than the API takes.',
    action: 'Send at most one megabyte; nothing that the API takes needs more.',
  },
  DS_API_FAILED: {
    meaning: 'The API failed to answer.',
    action: 'Nothing recorded is lost. Try again; if it fails again, report it with the log of the dashboard.',
  },
  DS_IMPORT_LINE_UNREADABLE: {
    meaning: 'A line of an imported file is not an event.',
    action: 'Nothing is lost: the line is kept as an unreadable message at its place. Look at the line that the message names.',
  },
  DS_IMPORT_FILE_UNREADABLE: {
    meaning: 'A file to import cannot be opened, or holds nothing.',
    action: 'Check the path and its permissions.',
  },
  DS_IMPORT_FAILED: {
    meaning: 'The recorder of an import ended before everything was stored.',
    action: 'What was read is safe on disk: run the same import again and it goes on where it stopped.',
  },
  DS_CLI_SESSION_UNKNOWN: {
    meaning: 'No session has the id that was given.',
    action: 'Copy the id from the address of the session page, or from `deltascope tail`.',
  },
  DS_SPOOL_LOCKED: {
    meaning: 'Another process writes into this spool.',
    action: 'Give each tap a DELTASCOPE_SPOOL_NAME of its own, or stop the other one.',
  },
  DS_SPOOL_FULL: {
    meaning: 'The spool has reached its size; nothing more fits until the recorder has caught up.',
    action: 'Check that the recorder and PostgreSQL are running, or raise DELTASCOPE_SPOOL_MAX_BYTES.',
  },
  DS_SPOOL_FAILED: {
    meaning: 'The spool’s folder cannot be written.',
    action: 'Check the disk that holds DELTASCOPE_DATA_DIR: free space, permissions, errors.',
  },
  DS_SPOOL_FORMAT: {
    meaning: 'A spool segment was written by another version of Deltascope.',
    action: 'Let the version that wrote it record it, or move the file away.',
  },
  DS_TAP_PATH_REFUSED: {
    meaning: 'A request target is not a plain path, or asks the tap to be a proxy.',
    action: 'Send paths as the provider documents them: no absolute URL, no `..`, no encoded slash or dot.',
  },
  DS_TAP_PATH_UNKNOWN: {
    meaning: 'The tap relays nothing at this path.',
    action: 'Use /v1/…, /azure/NAME/openai/… or /up/NAME/… with the provider’s own path behind it.',
  },
  DS_TAP_UPSTREAM_UNKNOWN: {
    meaning: 'No upstream of this name is configured.',
    action: 'Add it to DELTASCOPE_UPSTREAMS (kind azure-openai for /azure/NAME) and restart the tap.',
  },
  DS_TAP_HOST_REFUSED: {
    meaning: 'A request came with a Host header that is not this machine’s.',
    action: 'Add the name under which the tap is reached to DELTASCOPE_ALLOWED_HOSTS.',
  },
  DS_TAP_ORIGIN_REFUSED: {
    meaning: 'A web page that is not listed tried to use the tap.',
    action: 'Add the page’s origin, e.g. https://app.example.org, to DELTASCOPE_ALLOWED_ORIGINS.',
  },
  DS_TAP_KEYS_UNSET: {
    meaning: 'The tap holds a provider’s key, and nothing protects it from strangers.',
    action: 'Set DELTASCOPE_CAPTURE_KEYS and let the application send one as x-deltascope-key.',
  },
  DS_TAP_KEY_MISSING: {
    meaning: 'The tap asks for a capture key and none was sent.',
    action: 'Send it as header x-deltascope-key, query ds_key or subprotocol deltascope-key.<key>.',
  },
  DS_TAP_KEY_WRONG: {
    meaning: 'The capture key that was sent is not one of the tap’s.',
    action: 'Compare it with DELTASCOPE_CAPTURE_KEYS of the tap.',
  },
  DS_TAP_HANDSHAKE_INVALID: {
    meaning: 'An upgrade is not a valid WebSocket handshake.',
    action: 'Use a WebSocket client; the handshake must be version 13 with valid subprotocol names.',
  },
  DS_TAP_TOO_MANY_SESSIONS: {
    meaning: 'The tap relays as many sessions as it may.',
    action: 'Raise DELTASCOPE_TAP_MAX_SESSIONS, or run another tap.',
  },
  DS_TAP_TOO_MANY_UPGRADES: {
    meaning: 'More new sessions came within a minute than the tap may take.',
    action: 'Slow down reconnecting clients, or raise DELTASCOPE_TAP_MAX_UPGRADES_PER_MINUTE.',
  },
  DS_TAP_STOPPING: {
    meaning: 'The tap is stopping: it takes no new sessions and ends the open ones when their time is up.',
    action: 'Connect again; another tap, or this one restarted, will answer.',
  },
  DS_TAP_UPSTREAM_UNREACHABLE: {
    meaning: 'The provider could not be reached.',
    action: 'Check the upstream’s url, the network, HTTPS_PROXY and NODE_EXTRA_CA_CERTS.',
  },
  DS_TAP_DIAL_TIMEOUT: {
    meaning: 'The provider did not answer in time.',
    action: 'Try again, or raise DELTASCOPE_TAP_DIAL_TIMEOUT_MS.',
  },
  DS_TAP_MESSAGE_TOO_LARGE: {
    meaning: 'A message is larger than the tap relays; the session was closed with 1009.',
    action: 'Raise DELTASCOPE_TAP_MAX_MESSAGE_BYTES.',
  },
  DS_TAP_BROKEN_FRAME: {
    meaning: 'One party sent bytes that are no WebSocket frame; the session was closed with 1002.',
    action: 'Look at the session’s end for what was wrong, and at the party that sent it.',
  },
  DS_TAP_PORT_TAKEN: {
    meaning: 'The tap cannot listen on its port.',
    action: 'Stop what uses the port, or set DELTASCOPE_TAP_PORT and DELTASCOPE_TAP_TLS_PORT.',
  },
} as const satisfies Record<string, { readonly meaning: string; readonly action: string }>;

/** The stable name of an error, as printed, stored and documented. */
export type ErrorCode = keyof typeof ERRORS;

/** An error that a person can act upon: its code leads to the table above, its message says what happened here. */
export class DeltascopeError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'DeltascopeError';
    this.code = code;
  }

  /** The sentence for people: code, what happened, what to do. */
  toSentence(): string {
    return `${this.code}: ${this.message} ${ERRORS[this.code].action}`;
  }
}

/** Turns whatever was thrown into an Error; every `catch` starts with it. */
export function coerceError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
