# The console's server with the browser app in it. It keeps nothing but /data (the embedded database, where no
# DATABASE_URL is set), runs as nobody in particular, and works on a read-only root.

FROM node:24-slim AS build
WORKDIR /src
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml tsconfig.base.json ./
COPY packages/api-types packages/api-types
COPY apps apps
RUN npx --yes pnpm@12.21.0 install --frozen-lockfile --filter ./packages/api-types --filter "./apps/*"
RUN npx --yes pnpm@12.21.0 --filter "./apps/*" run build && mkdir /src/data

FROM node:24-slim
LABEL org.opencontainers.image.title="KubeV Console" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /src/apps/bff/dist/server.js /app/server.js
COPY --from=build /src/apps/web/dist /app/web
ENV NODE_ENV=production MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=16777216 WEB_DIR=/app/web DATA_DIR=/data HOST=0.0.0.0 PORT=8080
# Before VOLUME: a new named volume takes over the folder's owner.
COPY --from=build --chown=10001:10001 /src/data /data
VOLUME /data
EXPOSE 8080
USER 10001:10001
# It asks itself over loopback, so whose name is in the certificate does not matter.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["node", "-e", "process.env.NODE_TLS_REJECT_UNAUTHORIZED='0';fetch((process.env.TLS_CERT_FILE?'https':'http')+'://127.0.0.1:'+process.env.PORT+'/livez').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "/app/server.js"]
