/** A value of type `T` that cannot be mixed up with another `T`: the name exists only for the compiler. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };

/** Deltascope's own id of one capture: a UUIDv7 in lower case with dashes, made when its recording starts. */
export type SessionId = Brand<string, 'SessionId'>;

/** Wall time in whole microseconds since 1970-01-01 UTC (safe as a number until the year 2255). */
export type WallMicros = Brand<number, 'WallMicros'>;
