"""Configuration by environment: every variable, its meaning and its default stand in `VARIABLES`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec


class Misconfigured(Exception):
    """A variable is missing or wrong; the message is one line that names it."""


class Settings(msgspec.Struct, frozen=True):
    """All that the environment decides. URLs have no trailing slash."""

    database_url: str = ""
    migration_database_url: str = ""
    secret_key: str = ""
    public_url: str = "http://127.0.0.1:8000"
    smtp_url: str = ""
    mail_from: str = "Alter'Incub <ne-pas-repondre@localhost>"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    pool_size: int = 8
    log_format: str = "json"
    behind_proxy: bool = False
    second_factor: str = ""
    demo: bool = False
    storage_url: str = ""
    clamd_url: str = ""

    @property
    def secure(self) -> bool:
        """True when people reach us by https, so cookies may be `Secure` and `__Host-`."""
        return self.public_url.startswith("https://")

    @property
    def second_factor_required(self) -> bool:
        """True when staff, coaches and committees give a second proof; so by default wherever it is not a trial."""
        return self.second_factor == "required" or (self.second_factor == "" and self.secure and not self.demo)


VARIABLES: dict[str, str] = {
    "DATABASE_URL": "PostgreSQL (15 or newer) of the application: postgresql://user:password@host:port/name",
    "MIGRATION_DATABASE_URL": "the same database as the owner of its tables; by default DATABASE_URL",
    "SECRET_KEY": "at least 32 random characters; signs form tokens",
    "PUBLIC_URL": "the address people type, for links in mails: https://incubateur.example.fr",
    "SMTP_URL": "where mails leave: smtp://user:password@host:587 or smtps://…; empty: mails wait in the outbox",
    "MAIL_FROM": "sender of mails: Alter'Incub <contact@example.fr>",
    "HOST": "address to listen on",
    "PORT": "port to listen on",
    "WORKERS": "server processes; as many as cores",
    "POOL_SIZE": "database connections of each process; WORKERS × POOL_SIZE stays below max_connections",
    "LOG_FORMAT": "json or console",
    "SECOND_FACTOR": "required or optional: whether staff, coaches and committee members must give a second proof (passkey or"
    " authenticator application) to sign in; by default required when PUBLIC_URL is https, optional in the demo",
    "STORAGE_URL": (
        "where documents are kept: file:///folder (by default INCUBATOR_HOME/files), or"
        " s3://bucket/prefix?endpoint=https://…&region=… with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    ),
    "CLAMD_URL": "the antivirus: tcp://host:3310 or unix:///run/clamd.sock; without it documents are held, except in the demo",
    "BEHIND_PROXY": "1 when a proxy of yours sets X-Forwarded-For; else 0, and the header is not believed",
}


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the environment. Raises `Misconfigured` naming the first wrong variable."""
    given = {name: environment[name].strip() for name in VARIABLES if environment.get(name, "").strip()}
    settings = Settings(
        database_url=_postgres_url(given, "DATABASE_URL"),
        migration_database_url=_postgres_url(given, "MIGRATION_DATABASE_URL"),
        secret_key=_secret(given),
        public_url=_url(given, "PUBLIC_URL", ("http", "https"), Settings().public_url).rstrip("/"),
        smtp_url=_url(given, "SMTP_URL", ("smtp", "smtps"), ""),
        mail_from=given.get("MAIL_FROM", Settings().mail_from),
        host=given.get("HOST", Settings().host),
        port=_number(given, "PORT", 1, 65535, Settings().port),
        workers=_number(given, "WORKERS", 1, 64, Settings().workers),
        pool_size=_number(given, "POOL_SIZE", 2, 100, Settings().pool_size),
        log_format=_one_of(given, "LOG_FORMAT", ("json", "console"), Settings().log_format),
        behind_proxy=_one_of(given, "BEHIND_PROXY", ("0", "1"), "0") == "1",
        second_factor=_one_of(given, "SECOND_FACTOR", ("required", "optional", ""), ""),
        demo=environment.get("INCUBATOR_DEMO") == "1",
        storage_url=_url(given, "STORAGE_URL", ("file", "s3"), files_in(environment)),
        clamd_url=_url(given, "CLAMD_URL", ("tcp", "unix"), ""),
    )
    return settings


def files_in(environment: Mapping[str, str]) -> str:
    """The folder where documents are kept when nothing says where."""
    home = environment.get("INCUBATOR_HOME", "").strip() or ".incubator"
    return (Path(home).absolute() / "files").as_uri()


def require(settings: Settings, *names: str) -> Settings:
    """The settings, when each named variable has a value; else `Misconfigured`."""
    for name in names:
        if not getattr(settings, name.lower()):
            raise Misconfigured(f"{name} is missing: {VARIABLES[name]}")
    return settings


def _postgres_url(given: Mapping[str, str], name: str) -> str:
    return _url(given, name, ("postgres", "postgresql"), "")


def _url(given: Mapping[str, str], name: str, schemes: tuple[str, ...], default: str) -> str:
    if name not in given:
        return default
    try:
        parts = urlsplit(given[name])
        _ = parts.port
    except ValueError as error:
        raise Misconfigured(f"{name} is not a URL ({error}): {VARIABLES[name]}") from None
    if parts.scheme not in schemes:
        raise Misconfigured(f"{name} must start with {' or '.join(s + '://' for s in schemes)}: {VARIABLES[name]}")
    return given[name]


def _secret(given: Mapping[str, str]) -> str:
    secret = given.get("SECRET_KEY", "")
    if secret and len(secret) < 32:
        raise Misconfigured(f"SECRET_KEY is too short ({len(secret)} characters): {VARIABLES['SECRET_KEY']}")
    return secret


def _number(given: Mapping[str, str], name: str, low: int, high: int, default: int) -> int:
    text = given.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise Misconfigured(f"{name} must be a whole number from {low} to {high}, not {text!r}")
    return int(text)


def _one_of(given: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    text = given.get(name, default)
    if text not in allowed:
        raise Misconfigured(f"{name} must be {' or '.join(allowed)}, not {text!r}")
    return text
