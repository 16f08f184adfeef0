"""The settings of the site's database: SQLite in the data directory, or the PostgreSQL that a URL names."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from imrsite.installation import installing

SECONDS_KEPT = 60
"""An idle connection is closed by the first request after so long."""
_CONNECT_SECONDS = 5
_KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3}
_USER_TIMEOUT = {"tcp_user_timeout": 15_000}
"""Milliseconds until the other side, when it vanished, counts as gone."""
_WATCHING = {"connect_timeout": _CONNECT_SECONDS, **_KEEPALIVES, **_USER_TIMEOUT}
_WATCHED_BY_SERVER = {**{f"tcp_{name}": value for name, value in _KEEPALIVES.items()}, **_USER_TIMEOUT}
"""Or else the server keeps the locks of a machine that vanished for two hours."""


def database_settings(environment: Mapping[str, str], data_dir: Path) -> dict[str, Any]:
    """What IMR_DATABASE_URL and the variables beside it ask for. Raises ImproperlyConfigured."""
    default = f"sqlite:///{data_dir / 'imr.sqlite3'}"
    return settings_of(environment.get("IMR_DATABASE_URL") or default, environment)


def settings_of(url: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Django's settings of the database that a URL names. Raises ImproperlyConfigured."""
    try:
        database: dict[str, Any] = {
            **dj_database_url.parse(
                _with_hosts_as_parameters(url), conn_max_age=SECONDS_KEPT, conn_health_checks=True
            )
        }
    except (ValueError, KeyError) as error:  # the URL may hold a password: it is not repeated
        raise ImproperlyConfigured(
            "IMR_DATABASE_URL is no database URL. It looks like postgresql://user:password@host/name"
        ) from error
    waits = _number(environment, "IMR_DATABASE_WAIT_SECONDS", 30)
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # WAL lets pages be read while letters are imported; IMMEDIATE waits for the lock instead of failing.
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": waits,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    elif database["ENGINE"] == "django.db.backends.postgresql":
        _require_psycopg()
        limit = _number(environment, "IMR_DATABASE_STATEMENT_SECONDS", 0)
        _complete(database, waits, limit, round(_number(environment, "IMR_DATABASE_POOL", 0)))
    return database


def _with_hosts_as_parameters(url: str) -> str:
    """A URL of several servers, which libpq takes and dj_database_url does not, with them as parameters.

    Raises ValueError.
    """
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    if "," not in hosts:
        return url
    servers = [server.partition(":") for server in hosts.split(",")]
    named = {"host": ",".join(host for host, _, _ in servers), "port": ",".join(port for *_, port in servers)}
    query = "&".join(filter(None, (parts.query, urlencode(named))))
    return parts._replace(netloc=user + at, query=query).geturl()


def _complete(database: dict[str, Any], waits: float, limit: float, pool: int) -> None:
    """Options of the URL win. `limit` 0 is no limit, `pool` 0 a connection for each thread."""
    given = database.get("OPTIONS", {})
    if "," in given.get("host", ""):
        # Of a server and its standbys, the one that takes changes; after it was lost, the promoted one.
        given = {"target_session_attrs": "read-write", **given}
    times = {"lock_timeout": round(1000 * waits), "statement_timeout": round(1000 * limit)}
    of_server = " ".join(f"-c {name}={value}" for name, value in {**_WATCHED_BY_SERVER, **times}.items())
    database["OPTIONS"] = {**_WATCHING, **given, "options": f"{of_server} {given.get('options', '')}".strip()}
    if pool:
        # A connection goes back to the pool after each request, and the pool checks it: none is kept beside.
        database["CONN_MAX_AGE"] = 0
        database["OPTIONS"]["pool"] = {"min_size": 0, "max_size": pool, "timeout": waits}


def _require_psycopg() -> None:
    if find_spec("psycopg") is None:
        raise ImproperlyConfigured(
            "IMR_DATABASE_URL names PostgreSQL, but its driver psycopg is not installed. "
            f"Run: {installing('postgresql')}"
        )


def _number(environment: Mapping[str, str], variable: str, default: float) -> float:
    given = environment.get(variable) or str(default)
    try:
        number = float(given)
    except ValueError:
        number = -1
    if not 0 <= number < 1_000_000:
        raise ImproperlyConfigured(
            f"{variable} is “{given}”. Set it to a number from 0 up, such as {default}."
        )
    return number
