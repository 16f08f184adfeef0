"""The admin's action that removes letters for good, after a page that shows what goes along."""

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.auth.models import User
from django.db import Error
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from determinations.importing.removed_letters import ErasureWaitsError
from determinations.models import Determination
from determinations.removal.plan import plan_removal, with_all_versions
from determinations.removal.removing import remove_for_good
from determinations.search.engines import search_engine
from determinations.search.interface import SearchError

MOST_AT_ONCE = 50
"""Letters that one page shows and removes."""


@admin.action(description="Remove for good …", permissions=["delete"])
def remove_letters_for_good(
    admin_page: "admin.ModelAdmin[Determination]", request: HttpRequest, chosen: QuerySet[Determination]
) -> HttpResponse | None:
    """Shows what goes; removes it once that was confirmed."""
    letters = with_all_versions(chosen.order_by("pk")[: MOST_AT_ONCE + 1])
    if chosen.count() > MOST_AT_ONCE:
        messages.error(request, f"At most {MOST_AT_ONCE} letters can be removed at once. Choose fewer.")
        return None
    if "confirmed" not in request.POST:
        context = {
            **admin_page.admin_site.each_context(request),
            "title": "Remove letters for good",
            "opts": Determination._meta,
            "lines": plan_removal(letters).lines(),
            "chosen": [letter.pk for letter in chosen],
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
            "action": request.POST.get("action", ""),
        }
        return TemplateResponse(request, "admin/determinations/remove_letters.html", context)
    by = request.user if isinstance(request.user, User) else None
    try:
        remove_for_good(letters, search_engine(), by)
    except (ErasureWaitsError, SearchError, OSError, Error) as error:
        messages.warning(
            request, f"The letters are removed. The import worker will erase their last traces: {error}"
        )
    else:
        messages.success(request, f"{len(letters)} removed for good, with every trace on this site.")
    return None
