# The four services, each an image of its own: docker build --target ingest .
# Needs nothing but Debian 12 and this folder.

FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
      cmake ninja-build g++ mold pkg-config \
      libgrpc++-dev protobuf-compiler protobuf-compiler-grpc libprotobuf-dev libabsl-dev \
      libsqlite3-dev libspdlog-dev libfmt-dev libssl-dev prometheus-cpp-dev \
      libboost-dev zlib1g-dev \
      nlohmann-json3-dev libcli11-dev libre2-dev libutf8proc-dev libzstd-dev \
      libcurl4-openssl-dev libfasttext-dev libgtest-dev libgmock-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN cmake --preset release \
    && cmake --build --preset release --target \
         flywheel flywheel-ingest flywheel-curation flywheel-eval-gate flywheel-experiment \
    && strip build/release/bin/flywheel*

FROM debian:bookworm-slim AS runtime
RUN apt-get update && apt-get install -y --no-install-recommends \
      libgrpc++1.51 libprotobuf32 libabsl20220623 libsqlite3-0 libspdlog1.10 libfmt9 libssl3 zlib1g \
      libprometheus-cpp-core1.0 libprometheus-cpp-pull1.0 libre2-9 libutf8proc2 \
      libzstd1 libcurl4 ca-certificates \
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
