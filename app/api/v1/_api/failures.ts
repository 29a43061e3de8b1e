import { channel } from 'node:diagnostics_channel';

/**
 * Errors of our own that the API answered with DS_API_FAILED, for the log of the process. A channel of Node's, because the server that logs
 * and the bundle that Next made of the API have no module in common.
 */
export const FAILURES = channel('deltascope.api.failures');
