"""`manage.py mcp_server`: the search for an assistant, over standard input and output (docs/api.md)."""

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

SDK = "mcp"
INSTALL = ".venv/bin/python -m pip install --require-hashes -r requirements/assistants.txt"


class Command(DatabaseCommand):
    help = (
        "Let an assistant search and read determinations, through the Model Context Protocol over standard "
        "input and output. An assistant's program starts this; docs/api.md says how."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--account",
            default="",
            metavar="NAME",
            help="the account whose limits count; needed where the site requires sign-in",
        )

    def handle(self, *, account: str, **options: Any) -> None:
        if find_spec(SDK) is None:
            raise CommandError(f"The Model Context Protocol SDK is not installed. Run: {INSTALL}")
        if not settings.SITE_URL:
            raise CommandError(
                "Set IMR_SITE_URL to the site's address, such as https://imr.example.org, for the links."
            )
        try:
            check_account(account)
        except AccountRefusedError as error:
            raise CommandError(str(error)) from None
        # Nothing is written, so an interrupt can end the process at once, even while it waits for input.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _serve(account)


def _serve(account: str) -> None:
    from determinations.assistants.protocol import protocol_server, serve_stdio

    async_to_sync(serve_stdio)(protocol_server(ToolCalls(assistant_tools(), account)))
