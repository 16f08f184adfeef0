"""`manage.py mcp_server`: the search for an assistant (docs/api.md).

Over standard input and output, or over HTTP with a token that stands for the account.
"""

import signal
from argparse import ArgumentParser
from importlib.util import find_spec
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.management.base import CommandError

from determinations.assistants.calls import AccountRefusedError, ToolCalls, check_account
from determinations.assistants.tools import assistant_tools
from determinations.management.database_command import DatabaseCommand
from imrsite.installation import installing
from imrsite.listening import is_loopback

SDK = "mcp"
HTTP_ADDRESS = "127.0.0.1:8010"
SHORTEST_TOKEN = 32
MAKING_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


class Command(DatabaseCommand):
    help = (
        "Let an assistant search and read determinations, through the Model Context Protocol over standard "
        "input and output, or over HTTP (--http). docs/api.md says how."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--account",
            default="",
            metavar="NAME",
            help="the account whose limits count; needed where the site requires sign-in",
        )
        parser.add_argument(
            "--http",
            nargs="?",
            const=HTTP_ADDRESS,
            default="",
            metavar="HOST:PORT",
            help=f"serve over HTTP at this address (default: {HTTP_ADDRESS}); needs IMR_ASSISTANT_TOKEN",
        )

    def handle(self, *, account: str, http: str, **options: Any) -> None:
        if find_spec(SDK) is None:
            raise CommandError(
                f"The Model Context Protocol SDK is not installed. Run: {installing('assistants')}"
            )
        if not settings.SITE_URL:
            raise CommandError(
                "Set IMR_SITE_URL to the site's address, such as https://imr.example.org, for the links."
            )
        try:
            check_account(account)
        except AccountRefusedError as error:
            raise CommandError(str(error)) from None
        address = _address(http) if http else None
        # Nothing is written, so an interrupt can end the process at once, even while it waits for input.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _serve(account, address)


def _serve(account: str, address: tuple[str, int] | None) -> None:
    from determinations.assistants.protocol import protocol_server, serve_http, serve_stdio

    server = protocol_server(ToolCalls(assistant_tools(), account))
    if address is None:
        async_to_sync(serve_stdio)(server)
    else:
        async_to_sync(serve_http)(server, *address, settings.ASSISTANT_TOKEN)


def _address(typed: str) -> tuple[str, int]:
    """Where to listen. Raises CommandError for what is no address, or may not be listened on."""
    host, _, port = typed.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise CommandError(f"“{typed}” is not an address. Write it like {HTTP_ADDRESS}.")
    if not is_loopback(host):
        raise CommandError(
            f"On {host}, the token would cross the network unencrypted. Listen on 127.0.0.1, with a proxy "
            "that has HTTPS in front: docs/operations.md has an example."
        )
    if len(settings.ASSISTANT_TOKEN) < SHORTEST_TOKEN:
        raise CommandError(
            f"Set IMR_ASSISTANT_TOKEN to at least {SHORTEST_TOKEN} random characters, "
            f"such as from: {MAKING_ONE}"
        )
    return host.strip("[]"), int(port)
