FROM python:3.13-slim AS build
WORKDIR /app
# With the extras llm and semantic: --build-arg LOCK=requirements-extras.lock
ARG LOCK=requirements.lock
# The environment gets no pip of its own: the base image's installs into it. Left out are tests, what only compilers
# and type checkers read, another system's voice libraries, and a format of pictures that no chart is drawn in.
COPY ${LOCK} ./
RUN python -m venv --without-pip /venv \
 && python -m pip --python /venv/bin/python install --no-cache-dir --no-compile --only-binary=:all: \
      --require-hashes --no-deps -r "${LOCK}" \
 && find /venv \( -type d -name tests -o -path '*/discord/bin' \) -prune -exec rm -rf {} + \
 && find /venv \( -name 'libavif-*' -o -name '_avif.*' -o -name '*.py[ix]' -o -name '*.px[di]' -o -name '*.[acfh]' \) -type f -delete
COPY bot ./bot
COPY seeds ./seeds
# The root is read-only when it runs, so bytecode is made now; unchecked, as the sources cannot change.
RUN rm "${LOCK}" \
 && chmod -R a+rX,go-w /app \
 && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /venv /app/bot

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Colloquium" \
      org.opencontainers.image.description="A self-hosted Discord assistant for research papers" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/venv/bin:$PATH \
    COLLOQUIUM_DATA=/data \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# /data is sticky and open like /tmp: a tmpfs or another --user works too.
RUN python -m pip uninstall --yes --quiet --root-user-action=ignore pip \
 && install -d -o 10001 -g 10001 -m 1777 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
VOLUME /data
STOPSIGNAL SIGTERM
# Healthy once the gateway is ready and while its heartbeat is fresh.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
