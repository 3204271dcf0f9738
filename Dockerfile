# smsplan as an image: the same code and the same locked packages as a checkout, run by an account without rights.
# Everything it writes goes to /data (a volume) and /tmp; the rest can be mounted read-only. It holds no secret.
# Debian, Python and PostgreSQL are those that the tests run on (docs/decisions/0022-docker.md).

FROM python:3.11-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/requirements.lock
# No compiler is here: what has no wheel fails instead of being built.
RUN /opt/venv/bin/pip install --require-hashes --only-binary :all: -r /tmp/requirements.lock

FROM python:3.11-slim-bookworm
# Pango and HarfBuzz draw the PDFs of WeasyPrint; the font is for letters that ours lack; pg_dump makes the backups.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fontconfig \
        fonts-dejavu-core \
        libharfbuzz-subset0 \
        libmagic1 \
        libpango-1.0-0 \
        libpangoft2-1.0-0 \
        postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 smsplan \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin smsplan \
    && install -d -o smsplan -g smsplan -m 700 /data
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/tmp/cache \
    DATA_DIR=/data
WORKDIR /app
# What is copied is listed in .dockerignore.
COPY . /app
# The keys of this line are none: they are in no later layer, and collecting files needs no real ones.
RUN DATA_DIR=/tmp/build BASE_URL=http://localhost SECRET_KEY=unused TRAIL_KEY=unused \
        python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q /app \
    && rm -rf /tmp/build
USER 10001:10001
VOLUME /data
EXPOSE 8000
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0", "--port", "8000"]
