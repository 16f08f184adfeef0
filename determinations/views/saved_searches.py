"""A person's saved searches: the list, the news of one, and what can be done with it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from determinations.models import SavedSearch
from determinations.research.saved_searches import Kept, mark_seen, news_of, save
from determinations.search.engines import search_engine
from determinations.search.interface import Hit, SearchUnavailableError
from determinations.search_page.result_rows import result_rows
from determinations.search_page.search import InvalidSearchError
from determinations.views.decorators import log_unavailable, whole_number
from determinations.views.error_pages import unknown_action
from determinations.views.export import plain_text
from determinations.views.notices import page_of, takes


@never_cache
@login_required
@require_safe
@takes()
def saved_searches(request: HttpRequest) -> HttpResponse:
    engine = search_engine()
    gathered = [news_of(saved, engine) for saved in SavedSearch.objects.filter(user_id=_person(request).pk)]
    return render(
        request, "determinations/research/saved_searches.html", {"gathered": gathered, **_mail(request)}
    )


@never_cache
@login_required
@require_safe
@takes("page")
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """What is new in one search. Looking marks nothing: the page has a button for that."""
    engine = search_engine()
    news = news_of(_own(request, pk), engine)
    pages = Paginator(news.new, settings.RESULTS_PER_PAGE)
    page = page_of(request, pages)
    hits = [Hit(key, 0.0) for key in page.object_list]
    search = news.search
    context = {
        "news": news,
        "page": page,
        "rows": result_rows(hits, engine, search.question.node, search.address.text) if search else (),
        "up_to": news.new[0] if news.new else 0,
        "search_url": _search_url(news.saved),
        **_mail(request),
    }
    return render(request, "determinations/research/news.html", context)


@require_POST
def save_search(request: HttpRequest) -> HttpResponse:
    """Save `query`, the search page's query string, as `name`; who is not signed in comes back to it."""
    name, query = (request.POST.get(field, "").replace("\0", "") for field in ("name", "query"))
    searched = reverse("determinations:search") + (f"?{query}" if query else "")
    if not request.user.is_authenticated:
        messages.info(request, "Nothing is saved yet. Sign in, and then save the search.")
        return redirect_to_login(searched)
    try:
        kept = save(_person(request), name, query, search_engine())
    except InvalidSearchError as error:
        messages.error(request, f"This search was not saved. {error}")
        return HttpResponseRedirect(searched)
    except SearchUnavailableError as error:
        log_unavailable(error)
        return plain_text(f"This search was not saved, because nothing can be searched for now. {error}", 503)
    messages.success(request, _saved(kept))
    return redirect("determinations:saved_searches")


def _saved(kept: Kept) -> str:
    name = kept.saved.name
    if not kept.was_called:
        return f"“{name}” was saved: what arrives from now on shows here as new."
    if kept.was_called == name:
        return f"This search was saved already, as “{name}”: nothing was changed."
    before = f"This search was saved already, as “{kept.was_called}”"
    return f"{before}: it is called “{name}” now, nothing else changed."


@require_POST
def change_search(request: HttpRequest, pk: int) -> HttpResponse:
    """`action`: seen (everything up to the key `up_to`), mail_on, mail_off, rename, new_feed, delete."""
    if not request.user.is_authenticated:
        messages.info(request, "Nothing was changed yet. Sign in, and then press the button again.")
        return redirect_to_login(reverse("determinations:saved_search", args=[pk]))
    saved = _own(request, pk)
    match request.POST.get("action"):
        case "seen":
            return _seen(request, saved)
        case "mail_on" | "mail_off" as action:
            saved.by_mail = action == "mail_on"
            saved.save(update_fields=["by_mail"])
        case "rename":
            _rename(request, saved)
        case "new_feed":
            saved.feed_token = SavedSearch().feed_token
            saved.save(update_fields=["feed_token"])
            messages.success(request, "The feed has a new address; the old one no longer works.")
        case "delete" if request.POST.get("sure") == "yes":
            saved.delete()
            messages.success(request, f"“{saved.name}” was deleted.")
        case "delete":
            return render(request, "determinations/research/delete_search.html", {"saved": saved})
        case _:
            return unknown_action(request)
    return redirect("determinations:saved_searches")


def _rename(request: HttpRequest, saved: SavedSearch) -> None:
    name = request.POST.get("name", "").replace("\0", "").strip()[:200]
    if not name:
        messages.error(request, f"“{saved.name}” was not renamed: write the new name first.")
        return
    saved.name = name
    saved.save(update_fields=["name"])


def _seen(request: HttpRequest, saved: SavedSearch) -> HttpResponse:
    up_to = whole_number(request.POST.get("up_to", ""))
    number = mark_seen(saved, search_engine(), up_to) if up_to else 0
    messages.success(request, f"{number:,} item{'' if number == 1 else 's'} marked as seen.")
    return redirect("determinations:saved_search", pk=saved.pk)


def _person(request: HttpRequest) -> AbstractBaseUser:
    assert isinstance(request.user, AbstractBaseUser)  # noqa: S101  (login_required lets nobody else in)
    return request.user


def _own(request: HttpRequest, pk: int) -> SavedSearch:
    """The person's own search; another's is as absent as one that never was."""
    saved = SavedSearch.objects.filter(pk=pk, user_id=_person(request).pk).first()
    if saved is None:
        raise Http404("Your account has no saved search at this address. It may have been deleted.")
    return saved


def _search_url(saved: SavedSearch) -> str:
    return reverse("determinations:search") + (f"?{saved.query}" if saved.query else "")


def _mail(request: HttpRequest) -> dict[str, object]:
    return {
        "sends_mail": bool(settings.EMAIL_HOST and settings.SITE_URL),
        "address": getattr(request.user, "email", ""),
    }
