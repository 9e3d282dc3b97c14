# The four services, each an image of its own: docker build --target ingest .
# Needs nothing but Debian 12 and this folder. An image is a Debian with our packages, which say
# themselves what they need; all four have the same layers, and differ in what they start.

FROM debian:bookworm-slim AS build
RUN --mount=type=bind,source=dev,target=/tmp/dev \
    apt-get update && apt-get install -y --no-install-recommends $(/tmp/dev packages build package) \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN ./dev package

FROM debian:bookworm-slim AS runtime
RUN --mount=type=bind,from=build,source=/source/build/packages,target=/packages \
    apt-get update && apt-get install -y --no-install-recommends ca-certificates /packages/*.deb \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 flywheel \
    && useradd --uid 10001 --gid flywheel --home-dir /data --no-create-home \
         --shell /usr/sbin/nologin flywheel \
    && install -d -m 700 -o flywheel -g flywheel /data
# By number, so that a cluster sees that it is not root.
USER 10001:10001
VOLUME /data
ENV FLYWHEEL_STORE_DIR=/data

FROM runtime AS ingest
EXPOSE 4317 4318 9401
ENTRYPOINT ["flywheel-ingest"]

FROM runtime AS curation
EXPOSE 7402 9402
ENTRYPOINT ["flywheel-curation"]

FROM runtime AS eval-gate
EXPOSE 7403 9403
ENTRYPOINT ["flywheel-eval-gate"]

FROM runtime AS experiment
EXPOSE 7404 9404
ENTRYPOINT ["flywheel-experiment"]
