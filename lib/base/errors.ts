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
  DS_START_BUILD_FAILED: {
    meaning: 'A part that is generated before the first start (dashboard, database client) could not be made.',
    action: 'Read the output above; `npm ci` restores everything that the build needs.',
  },
  DS_START_WORKER_FAILED: {
    meaning: 'A worker ended, or was not ready in time, while Deltascope was starting.',
    action: 'Read the log lines of that worker above.',
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
    meaning: 'The dashboard is protected and the request carries no valid password.',
    action: 'Log in with the password of DELTASCOPE_PASSWORD; the user name does not matter.',
  },
  DS_DASHBOARD_TOO_MANY_ATTEMPTS: {
    meaning: 'Too many wrong passwords came from this address.',
    action: 'Wait a minute, then try again.',
  },
  DS_DASHBOARD_NOT_BUILT: {
    meaning: 'The dashboard’s pages are not built.',
    action: 'Run `npm start`, which builds them, or `npx next build`.',
  },
  DS_API_INVALID: {
    meaning: 'A request to the API cannot be understood.',
    action: 'Correct what the message names; `/api/v1/openapi.json` describes every parameter.',
  },
  DS_API_NOT_FOUND: {
    meaning: 'What a request to the API names does not exist, or not any more.',
    action: 'List the sessions to see what is recorded; it may have been erased, or its retention may have ended.',
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
