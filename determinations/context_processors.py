"""Context for every page: the banner about invented letters, the folder's size, tokens, names of commands."""

import logging

from django.db import Error
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from determinations.database_errors import kind_of_error
from determinations.form_tokens import form_token
from determinations.kept_answers import do_not_keep
from determinations.models import Determination
from determinations.models.row_reads import RowQuery
from determinations.research.folder_storage import current_folder
from determinations.search.query.language import MAX_CHARACTERS
from imrsite.installation import PROGRAM, RUN

logger = logging.getLogger(__name__)
# `is_invented=True` reads every letter where none is: SQLite takes no index for a bare column.
_INVENTED = RowQuery(
    lambda flags: Determination.objects.filter(is_invented__in=flags).order_by().values_list("pk")[:1]
)


def site_banner(request: HttpRequest) -> dict[str, object]:
    """`holds_invented_letters`, asked of the database only by a template that shows it."""
    return {"holds_invented_letters": SimpleLazyObject(lambda: _invented_letters.are_there(request))}


def token_of_forms(request: HttpRequest) -> dict[str, object]:
    """`csrf_token`, in place of Django's own, so that a page can be kept without a visitor's token."""
    return {"csrf_token": SimpleLazyObject(lambda: form_token(request))}


def search_box(request: HttpRequest) -> dict[str, object]:
    """`longest_question`, in characters, for the box in the masthead."""
    return {"longest_question": MAX_CHARACTERS}


def commands(request: HttpRequest) -> dict[str, object]:
    """`program`, before the name of a management command, and `run_command`, which serves the site."""
    return {"program": PROGRAM, "run_command": RUN}


def research_folder(request: HttpRequest) -> dict[str, object]:
    """`folder_size`, counted only for a template that shows it."""
    return {"folder_size": SimpleLazyObject(lambda: len(current_folder(request).entries()))}


class _InventedLetters:
    """Whether there are any; while the database does not respond, what was last known in this process.

    So pages that come from the index alone are shown meanwhile.
    """

    def __init__(self) -> None:
        self._last_known = True

    def are_there(self, request: HttpRequest) -> bool:
        try:
            self._last_known = bool(_INVENTED.rows([True]))
        except Error as error:
            if kind_of_error(error) is None:
                raise
            logger.warning("Whether letters are invented could not be asked: %s", error)
            do_not_keep(request)
        return self._last_known


_invented_letters = _InventedLetters()
