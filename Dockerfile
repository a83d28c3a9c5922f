# syntax=docker/dockerfile:1
# One image for web, worker, scheduler and migrate; the command tells them apart.

FROM python:3.13-slim-bookworm AS build
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/app/.venv
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --frozen --no-default-groups --group production
COPY LICENSE manage.py ./
COPY portal portal
COPY apps apps
COPY templates templates
COPY static static
# Collecting reads the settings; these values last for this one line and guard nothing.
RUN PORTAL_SECRET_KEY=build-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH \
    PORTAL_ENCRYPTION_KEYS=YnVpbGQtb25seS1idWlsZC1vbmx5LWJ1aWxkLW9ubHk= \
    PORTAL_BASE_URL=http://localhost \
    PORTAL_DATABASE_URL=sqlite:////tmp/build.sqlite3 \
    PORTAL_BROKER_URL=redis://localhost:6379/0 \
    .venv/bin/python manage.py collectstatic --no-input --verbosity 0
# The file system is read-only later: what may be compiled and compressed is so now.
RUN .venv/bin/python -m whitenoise.compress --quiet staticfiles \
    && .venv/bin/python -m compileall -q portal apps

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="Gallery Portal" \
      org.opencontainers.image.description="Self-service web portal in front of an Alteryx Gallery" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 portal \
    && useradd --uid 10001 --gid portal --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 0700 /var/lib/portal /var/lib/portal/files
# The code belongs to root: what runs it cannot change it.
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_FILES_DIR=/var/lib/portal/files
USER portal
VOLUME /var/lib/portal/files
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--http", "1", "--no-ws", "--workers", "2", "--blocking-threads", "4", "--backlog", "8192", "--backpressure", "4096", "--respawn-failed-workers", "--workers-kill-timeout", "20", "portal.wsgi:application"]
