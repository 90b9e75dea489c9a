# The dependencies are built apart: neither a compiler nor pip's leftovers reach the image that runs.
FROM python:3.11-slim AS dependencies
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --requirement /tmp/requirements.txt \
    && /opt/venv/bin/python -m pip uninstall --yes --quiet pip setuptools
RUN printf '%s\n' '#!/opt/venv/bin/python' 'import sys' 'from incubator.cli import main' 'sys.exit(main())' \
        > /opt/venv/bin/incubator \
    && chmod 0755 /opt/venv/bin/incubator

FROM python:3.11-slim
LABEL org.opencontainers.image.title="incubator" \
      org.opencontainers.image.licenses="EUPL-1.2"
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent incubator
RUN install -d -o incubator -g incubator -m 0700 /files
COPY --from=dependencies /opt/venv /opt/venv
COPY . /app
RUN python -m compileall -q /app
ENV HOME=/tmp \
    PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    STORAGE_URL=file:///files \
    LOG_FORMAT=json
WORKDIR /app
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health/ready', timeout=4)"]
CMD ["incubator", "serve"]
