# The program repo-map, in an image of its own: docker run --rm -v "$PWD:/tree:ro" repo-map
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends g++ make && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN cargo build --locked --profile dist -p repo-map-cli && mkdir /out && cp target/dist/repo-map /out/

FROM debian:bookworm-slim
# Certificates for a shared cache; the program needs nothing else.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 user && mkdir /tree
COPY --from=build /out/repo-map /usr/local/bin/repo-map
USER user
WORKDIR /tree
ENTRYPOINT ["repo-map"]
