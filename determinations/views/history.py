"""A person's own search history: the list, clearing it, and switching it off."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from determinations.models import PastSearch, ResearchSettings
from determinations.research.forms import HistoryForm
from determinations.research.history import history_of, keeps_history
from determinations.views.decorators import allowed_params, person


@never_cache
@login_required
@require_safe
@allowed_params()
def history(request: HttpRequest) -> HttpResponse:
    user = person(request)
    context = {"lines": history_of(user), "keeps_history": keeps_history(user)}
    return render(request, "determinations/research/history.html", context)


@login_required
@require_POST
def clear_history(request: HttpRequest) -> HttpResponse:
    PastSearch.objects.of(person(request)).delete()
    messages.success(request, "Your search history was cleared.")
    return redirect("determinations:history")


@login_required
@require_POST
def set_history(request: HttpRequest) -> HttpResponse:
    """Switches it on or off: `keeps_history`. What was kept stays until it is cleared."""
    settings, _ = ResearchSettings.objects.get_or_create(user_id=person(request).pk)
    form = HistoryForm(request.POST, instance=settings)
    form.save()
    kept = "are kept from now on" if settings.keeps_history else "are not kept any more"
    messages.success(request, f"Your searches {kept}.")
    return redirect("determinations:history")
