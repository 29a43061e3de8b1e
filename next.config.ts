import type { NextConfig } from 'next';

/** The dashboard's build. Types are checked by `tsc` itself (TypeScript 7 has no API that Next could call). */
const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  typescript: { ignoreBuildErrors: true, tsconfigPath: 'app/tsconfig.json' },
  // Loaded by Node from node_modules at run time: Prisma's client reads files beside it.
  serverExternalPackages: ['@prisma/client', '@prisma/adapter-pg', 'pg', 'pino'],
  turbopack: { root: import.meta.dirname },
  // Answers are compressed by whatever stands in front; streaming exports and live pages gain nothing from gzip on loopback.
  compress: false,
};

export default config;
