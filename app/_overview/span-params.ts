import { parseAsIsoDateTime } from 'nuqs/server';

/** The part of the day that the overview is about; absent for all of it. */
export const spanParsers = { from: parseAsIsoDateTime, to: parseAsIsoDateTime };
