"""Followed from outside, without a session: the Atom feed of a saved search, and the end of all mail."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from determinations.feeds import atom_feed
from determinations.models import SavedSearch
from determinations.research.alerts import UnknownTokenError, reader_of, stop_mail
from determinations.research.saved_searches import news_of
from determinations.search.engines import search_engine
from determinations.views.decorators import whole_number
from determinations.views.export import plain_text


@login_not_required
@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What the search finds, those stored last first, `page` by page; the token in the address is the key."""
    saved = SavedSearch.objects.filter(feed_token=token, user__is_active=True).first()
    if saved is None:
        raise Http404(
            "There is no feed at this address. Its search was deleted, or the feed was given a new address: "
            "the page of your saved searches has it."
        )
    number = whole_number(request.GET.get("page", "1"))
    if not number or number >= 1_000_000:
        return plain_text("A page is a whole number from 1.", 400)
    news = news_of(saved, search_engine())
    if news.is_away:
        return plain_text(news.problem, 503)
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
        reader = reader_of(token)
    except UnknownTokenError:
        raise Http404("This is no link out of a mail of this site, or not all of it.") from None
    stopped = stop_mail(reader) if request.method == "POST" else None
    return render(
        request,
        "determinations/research/stop_alerts.html",
        {"is_done": stopped is not None, "stopped": stopped or 0},
    )
