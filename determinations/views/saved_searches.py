"""A person's saved searches: the list, the new items of one search, and its actions.

The Atom feed and the link that stops alert emails need no session.
"""

from collections.abc import Callable
from functools import wraps
from secrets import token_urlsafe

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from determinations.feeds import atom_feed
from determinations.models import AlertTiming, SavedSearch
from determinations.research.alert_sender import sends_mail
from determinations.research.alerts import UnknownTokenError, stop_mail, subscriber_of
from determinations.research.forms import AlertsForm, SavedSearchForm, SaveSearchForm, first_error
from determinations.research.new_items import new_items
from determinations.research.saved_searches import SaveResult, mark_seen, news_of, save
from determinations.search.engines import search_engine
from determinations.search.interface import Hit, SearchUnavailableError
from determinations.search_page.result_rows import result_rows
from determinations.search_page.search import InvalidSearchError
from determinations.views.decorators import (
    allowed_params,
    log_unavailable,
    person,
    plain_text,
    requested_page,
    whole_number,
)


@never_cache
@login_required
@require_safe
@allowed_params()
def saved_searches(request: HttpRequest) -> HttpResponse:
    engine = search_engine()
    gathered = [news_of(saved, engine) for saved in SavedSearch.objects.filter(user_id=person(request).pk)]
    return render(
        request, "determinations/research/saved_searches.html", {"gathered": gathered, **_mail(request)}
    )


@never_cache
@login_required
@require_safe
@allowed_params("page")
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """What is new in one search. Looking marks nothing: the page has a button for that."""
    engine = search_engine()
    news = news_of(_own(request, pk), engine)
    pages = Paginator(news.new, settings.RESULTS_PER_PAGE)
    page = requested_page(request, pages)
    hits = [Hit(key, 0.0) for key in page.object_list]
    search = news.search
    rows = result_rows(hits, engine, search.question.node, search.address.text) if search else ()
    about = (
        {new.item.name: new for new in new_items(list(page.object_list), search, engine)} if search else {}
    )
    context = {
        "news": news,
        "page": page,
        "rows": [(row, about.get(row.ref.name)) for row in rows],
        "form": SavedSearchForm(instance=news.saved),
        "up_to": news.new[0] if news.new else 0,
        "search_url": _search_url(news.saved.query),
        **_mail(request),
    }
    return render(request, "determinations/research/news.html", context)


@require_POST
def save_search(request: HttpRequest) -> HttpResponse:
    """Saves `query`, the search page's query string, as `name`; signed-out people come back to it."""
    form = SaveSearchForm(request.POST)
    searched = _search_url(request.POST.get("query", ""))
    if not request.user.is_authenticated:
        messages.info(request, "The search is not saved yet. Sign in, then save it.")
        return redirect_to_login(searched)
    if not form.is_valid():
        messages.error(request, f"This search was not saved. {first_error(form)}")
        return HttpResponseRedirect(searched)
    try:
        result = save(person(request), form.cleaned_data["name"], form.cleaned_data["query"], search_engine())
    except InvalidSearchError as error:
        messages.error(request, f"This search was not saved. {error}")
        return HttpResponseRedirect(searched)
    except ValidationError as error:
        messages.error(request, f"This search was not saved. {error.messages[0]}")
        return HttpResponseRedirect(searched)
    except SearchUnavailableError as error:
        log_unavailable(error)
        return plain_text(f"This search was not saved. Search is temporarily unavailable. {error}", 503)
    messages.success(request, _saved(result))
    return redirect("determinations:saved_searches")


def _saved(result: SaveResult) -> str:
    name = result.saved.name
    if not result.previous_name:
        return f"“{name}” was saved. Items that arrive from now on show here as new."
    if result.previous_name == name:
        return f"You have already saved this search as “{name}”. Nothing was changed."
    before = f"You had already saved this search as “{result.previous_name}”"
    return f"{before}. Its name is now “{name}”. Nothing else was changed."


def changes_search(
    view: Callable[[HttpRequest, SavedSearch], HttpResponse],
) -> Callable[[HttpRequest, int], HttpResponse]:
    """Hands the view the person's own search, by POST only; signed-out people sign in first."""

    @require_POST
    @wraps(view)
    def wrapped(request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.is_authenticated:
            messages.info(request, "Nothing was changed yet. Sign in, then press the button again.")
            return redirect_to_login(reverse("determinations:saved_search", args=[pk]))
        return view(request, _own(request, pk))

    return wrapped


@changes_search
def mark_search_seen(request: HttpRequest, saved: SavedSearch) -> HttpResponse:
    """Everything up to the key `up_to` was looked at."""
    up_to = whole_number(request.POST.get("up_to", ""))
    number = mark_seen(saved, search_engine(), up_to) if up_to else 0
    message = ngettext("%(number)s item marked as seen.", "%(number)s items marked as seen.", number)
    messages.success(request, message % {"number": f"{number:,}"})
    return redirect("determinations:saved_search", pk=saved.pk)


@changes_search
def set_alerts(request: HttpRequest, saved: SavedSearch) -> HttpResponse:
    """When new items come by email: `alerts`. The first daily or weekly one comes at the next such time."""
    form = AlertsForm(request.POST, instance=saved)
    if form.is_valid():
        changed = form.save(commit=False)
        changed.alerted_at = timezone.now()
        changed.save(update_fields=["alerts", "alerted_at"])
        messages.success(request, f"Emails about “{saved.name}”: {changed.get_alerts_display().lower()}.")
    else:
        messages.error(request, f"Nothing was changed. {first_error(form)}")
    return redirect("determinations:saved_searches")


@changes_search
def change_search(request: HttpRequest, saved: SavedSearch) -> HttpResponse:
    """Its name, and the note of why it is followed."""
    present = saved.name
    form = SavedSearchForm(request.POST, instance=saved)
    if form.is_valid():
        form.save()
        messages.success(request, f"“{saved.name}” was saved.")
    else:
        messages.error(request, f"“{present}” was not changed. {first_error(form)}")
    return redirect("determinations:saved_search", pk=saved.pk)


@changes_search
def renew_feed(request: HttpRequest, saved: SavedSearch) -> HttpResponse:
    saved.feed_token = token_urlsafe()
    saved.save(update_fields=["feed_token"])
    messages.success(request, "The feed has a new address; the old one no longer works.")
    return redirect("determinations:saved_searches")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@allowed_params()
def delete_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks on GET, deletes on POST."""
    saved = _own(request, pk)
    if request.method != "POST":
        return render(request, "determinations/research/delete_search.html", {"saved": saved})
    saved.delete()
    messages.success(request, f"“{saved.name}” was deleted.")
    return redirect("determinations:saved_searches")


def _own(request: HttpRequest, pk: int) -> SavedSearch:
    """The person's own search; 404 for another person's search, as for one that does not exist."""
    saved = SavedSearch.objects.filter(pk=pk, user_id=person(request).pk).first()
    if saved is None:
        raise Http404("Your account has no saved search at this address. It may have been deleted.")
    return saved


def _search_url(query: str) -> str:
    return reverse("determinations:search") + (f"?{query}" if query else "")


def _mail(request: HttpRequest) -> dict[str, object]:
    return {
        "sends_mail": sends_mail(),
        "address": getattr(request.user, "email", ""),
        "timings": AlertTiming.choices,
    }


@login_not_required
@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What the search finds, those stored last first, `page` by page; the token in the address is the key."""
    saved = SavedSearch.objects.filter(feed_token=token, user__is_active=True).first()
    if saved is None:
        raise Http404(
            "There is no feed at this address. Its search was deleted, or the feed has a new address. "
            "The saved searches page shows the current one."
        )
    number = whole_number(request.GET.get("page", "1"))
    if not number or number >= 1_000_000:
        return plain_text("The page must be a whole number, 1 or higher.", 400)
    news = news_of(saved, search_engine())
    if news.is_away:
        return plain_text(news.error, 503)
    site = request.build_absolute_uri("/").rstrip("/")
    address = reverse("determinations:feed", args=[token])
    response = HttpResponse(
        atom_feed(news, site, address, number), content_type="application/atom+xml; charset=utf-8"
    )
    response["Referrer-Policy"] = "no-referrer"  # the address is a secret
    return response


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_alerts(request: HttpRequest, token: str) -> HttpResponse:
    """A button on GET, since mail scanners follow links; off at once on POST: RFC 8058's one-click."""
    try:
        reader = subscriber_of(token)
    except UnknownTokenError:
        raise Http404("This unsubscribe link is incomplete or not valid.") from None
    stopped = stop_mail(reader) if request.method == "POST" else None
    return render(
        request,
        "determinations/research/stop_alerts.html",
        {"is_done": stopped is not None, "stopped": stopped or 0},
    )
