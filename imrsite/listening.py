"""Where the site may listen: if it requires signing in, passwords do not cross a network in the clear.

Knows no Django: gunicorn reads it before the site is loaded.
"""

import ipaddress
from collections.abc import Mapping

EVERY_ADDRESS = {"", "0.0.0.0", "::", "[::]"}  # noqa: S104  recognized, not listened on
_YES = {"1", "true", "yes", "on"}


def refusal(host: str, environment: Mapping[str, str]) -> str:
    """Why the site may not listen on this host, with these variables; empty where it may."""

    def is_set(variable: str) -> bool:
        return environment.get(variable, "").strip().lower() in _YES

    is_closed = is_set("IMR_SIGN_IN_ONLY")
    if not is_closed or is_set("IMR_HTTPS") or is_set("IMR_PLAIN_HTTP") or is_loopback(host):
        return ""
    return (
        f"The site requires signing in (IMR_SIGN_IN_ONLY), but on {host} passwords would cross the network "
        "unencrypted. Put a proxy with HTTPS in front, set IMR_HTTPS=1 and listen on 127.0.0.1; or set "
        "IMR_PLAIN_HTTP=1 if the network is safe. docs/operations.md has examples."
    )


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine reach the host. An empty one is every address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def listening_names(host: str) -> list[str]:
    """The names by which others on the network address a site that listens on this host."""
    if host.strip() in EVERY_ADDRESS:
        return []
    return [f"[{host}]" if ":" in host and not host.startswith("[") else host]
