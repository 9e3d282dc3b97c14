# The four services, each an image of its own: docker build --target ingest .
# Needs nothing but Debian 12 and this folder; ./dev holds the lists of packages.

FROM debian:bookworm-slim AS build
RUN --mount=type=bind,source=dev,target=/tmp/dev \
    apt-get update && apt-get install -y --no-install-recommends $(/tmp/dev packages build) \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN cmake --preset release \
    && cmake --build --preset release --target \
         flywheel flywheel-ingest flywheel-curation flywheel-eval-gate flywheel-experiment \
    && strip build/release/bin/flywheel*

FROM debian:bookworm-slim AS runtime
RUN --mount=type=bind,source=dev,target=/tmp/dev \
    apt-get update && apt-get install -y --no-install-recommends $(/tmp/dev packages runtime) \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 flywheel \
    && useradd --uid 10001 --gid flywheel --home-dir /data --no-create-home \
         --shell /usr/sbin/nologin flywheel \
    && install -d -m 700 -o flywheel -g flywheel /data
COPY --from=build /source/build/release/bin/flywheel /usr/local/bin/
# By number, so that a cluster sees that it is not root.
USER 10001:10001
VOLUME /data
ENV FLYWHEEL_STORE_DIR=/data

FROM runtime AS ingest
COPY --from=build /source/build/release/bin/flywheel-ingest /usr/local/bin/
EXPOSE 4317 4318 9401
ENTRYPOINT ["flywheel-ingest"]

FROM runtime AS curation
COPY --from=build /source/build/release/bin/flywheel-curation /usr/local/bin/
EXPOSE 7402 9402
ENTRYPOINT ["flywheel-curation"]

FROM runtime AS eval-gate
COPY --from=build /source/build/release/bin/flywheel-eval-gate /usr/local/bin/
EXPOSE 7403 9403
ENTRYPOINT ["flywheel-eval-gate"]

FROM runtime AS experiment
COPY --from=build /source/build/release/bin/flywheel-experiment /usr/local/bin/
EXPOSE 7404 9404
ENTRYPOINT ["flywheel-experiment"]
