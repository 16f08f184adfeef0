"""A call of a tool with the account's rights and limits; every error is a message that an assistant can read.

What the API answers with a problem is an error here, in the same words.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import close_old_connections

from determinations.api.problems import INTERNAL_ERROR, TOO_MANY, UNAVAILABLE, ProblemKind
from determinations.assistants.arguments import Arguments
from determinations.assistants.tools import AssistantTool, NothingThereError, ToolAnswer
from determinations.database_errors import kind_of_error
from determinations.load_limits import RequestCounts, account_key
from determinations.search.interface import QuerySyntaxError, SearchUnavailableError
from determinations.search_page.search import InvalidSearchError

RATE = "api"
"""The group of `settings.RATE_LIMITS` that counts calls."""
NO_ACCOUNT = "this machine"

logger = logging.getLogger(__name__)


class AccountRefusedError(Exception):
    """The account may not read the site; the message says why."""


class ToolCallError(Exception):
    """A call that has no answer; the message says why and what to do."""


class ToolCalls:
    """The tools, for one account: `account` is its user name, "" for nobody in particular."""

    def __init__(self, tools: Mapping[str, AssistantTool[Any]], account: str) -> None:
        self.tools = tools
        self._account = account
        self._counts = RequestCounts()

    def run(self, name: str, arguments: Arguments) -> ToolAnswer:
        """Raises ToolCallError. Closes a database connection that is too old or broken."""
        begun = time.perf_counter()
        close_old_connections()
        outcome = "error"
        try:
            answer = self._run(self.tools[name], arguments)
            outcome = "ok"
            return answer
        finally:
            close_old_connections()
            if settings.ACCESS_LOG != "off":
                milliseconds = round(1000 * (time.perf_counter() - begun))
                logger.info("%s by %s: %s, %s ms", name, self._account or NO_ACCOUNT, outcome, milliseconds)

    def _run(self, tool: AssistantTool[Any], arguments: Arguments) -> ToolAnswer:
        try:
            if seconds := self._counts.seconds_to_wait(RATE, check_account(self._account)):
                raise ToolCallError(f"{TOO_MANY.title}. Wait {seconds} seconds, then call again.")
            return tool.run(arguments)
        except (AccountRefusedError, InvalidSearchError, NothingThereError) as error:
            raise ToolCallError(str(error)) from error
        except QuerySyntaxError as error:
            instead = f" Did you mean “{error.suggestion}”?" if error.suggestion else ""
            raise ToolCallError(f"{error.message}{instead}") from error
        except SearchUnavailableError as error:
            logger.error("Search is unavailable: %s", error.with_notes)
            raise ToolCallError(f"{UNAVAILABLE.title}. {error}") from error
        except ToolCallError:
            raise
        except Exception as error:
            logger.exception("The tool %s failed", tool.name)
            if kind_of_error(error):
                message = "The site’s database cannot be read at the moment. Call again in a minute."
                raise ToolCallError(message) from error
            raise ToolCallError(_said(INTERNAL_ERROR)) from error


def check_account(name: str) -> str:
    """Whom the calls count for. Raises AccountRefusedError.

    An account that was deactivated meanwhile may not go on, as it may not with a session.
    """
    if not name:
        if settings.SIGN_IN_ONLY:
            raise AccountRefusedError(
                "This site is for signed-in users only. Name an account: --account NAME"
            )
        return NO_ACCOUNT
    account = User.objects.filter(username=name, is_active=True).first()
    if account is None:
        raise AccountRefusedError(f"There is no active account “{name}”.")
    return account_key(account.pk)


def _said(kind: ProblemKind) -> str:
    return f"{kind.title}. {kind.meaning}"
