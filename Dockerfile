# One image for every worker; docker-compose.yml starts one container per worker.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY scripts ./scripts
COPY prisma ./prisma
COPY prisma.config.ts tsconfig.json ./
COPY lib ./lib
RUN npm ci
COPY next.config.ts postcss.config.mjs ./
COPY app ./app
COPY workers ./workers
RUN node scripts/prepack.ts && npm prune --omit=dev --ignore-scripts && rm -rf .next/cache

FROM node:24-bookworm-slim
ENV NODE_ENV=production DELTASCOPE_DATA_DIR=/data DELTASCOPE_LOG_FORMAT=json
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=build /app/package.json /app/next.config.ts /app/postcss.config.mjs /app/tsconfig.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/prisma ./prisma
COPY --from=build /app/lib ./lib
COPY --from=build /app/workers ./workers
COPY --from=build /app/app ./app
COPY --from=build --chown=node:node /app/.next ./.next
USER node
VOLUME /data
# Which worker runs is the container's command, e.g. `workers/tap/main.ts`.
ENTRYPOINT ["node"]
CMD ["workers/cli/main.ts", "--help"]
