import { randomUUID } from 'node:crypto';
import type { PrismaPg } from '@prisma/adapter-pg';

/**
 * Parameters that travel to the driver by reference. Prisma's client turns bytes into base64 inside JSON, twice, and back: for the
 * megabytes of a batch that costs more than everything else together. So a statement is given a short unguessable name in the place
 * of the bytes, and our layer around Prisma's own driver adapter puts them in where the statement leaves for PostgreSQL.
 */
export class LargeParameters {
  readonly #prefix = `bytes:${randomUUID()}:`;
  readonly #held = new Map<string, Uint8Array>();
  #count = 0;

  /** The parameters as Prisma is to be given them: bytes by name, everything else as it is. */
  hold(parameters: readonly unknown[]): readonly unknown[] {
    return parameters.map((parameter) => (parameter instanceof Uint8Array ? this.#name(parameter) : parameter));
  }

  /** Lets go of what `hold` was given, once its statement has ended. */
  release(held: readonly unknown[]): void {
    for (const parameter of held) if (typeof parameter === 'string') this.#held.delete(parameter);
  }

  /** Makes the connections of a factory understand the names. */
  serve(factory: PrismaPg): PrismaPg {
    const connect = factory.connect.bind(factory);
    factory.connect = async () => {
      const adapter = await connect();
      this.#serveQueryable(adapter);
      const start = adapter.startTransaction.bind(adapter);
      adapter.startTransaction = async (isolation) => this.#serveQueryable(await start(isolation));
      return adapter;
    };
    return factory;
  }

  #serveQueryable<Queryable extends Pick<Connection, 'executeRaw'>>(queryable: Queryable): Queryable {
    const execute = queryable.executeRaw.bind(queryable);
    queryable.executeRaw = (query) => execute({ ...query, args: query.args.map((argument) => this.#resolve(argument)) });
    return queryable;
  }

  #name(bytes: Uint8Array): string {
    this.#count += 1;
    const name = `${this.#prefix}${this.#count}`;
    this.#held.set(name, bytes);
    return name;
  }

  #resolve(argument: unknown): unknown {
    return typeof argument === 'string' ? (this.#held.get(argument) ?? argument) : argument;
  }
}

type Connection = Awaited<ReturnType<PrismaPg['connect']>>;
