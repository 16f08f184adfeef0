"""Context for every page: the banner about invented letters, the size of the folder, names of commands."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from determinations.models import Determination
from determinations.research.folder_storage import current_folder
from determinations.search.query.language import MAX_CHARACTERS
from imrsite.installation import PROGRAM, RUN


def site_banner(request: HttpRequest) -> dict[str, object]:
    """`holds_invented_letters`, asked of the database only by a template that shows it."""
    return {"holds_invented_letters": SimpleLazyObject(_holds_invented_letters)}


def search_box(request: HttpRequest) -> dict[str, object]:
    """`longest_question`, in characters, for the box in the masthead."""
    return {"longest_question": MAX_CHARACTERS}


def commands(request: HttpRequest) -> dict[str, object]:
    """`program`, before the name of a management command, and `run_command`, which serves the site."""
    return {"program": PROGRAM, "run_command": RUN}


def research_folder(request: HttpRequest) -> dict[str, object]:
    """`folder_size`, counted only for a template that shows it."""
    return {"folder_size": SimpleLazyObject(lambda: len(current_folder(request).entries()))}


def _holds_invented_letters() -> bool:
    return Determination.objects.filter(is_invented=True).exists()
