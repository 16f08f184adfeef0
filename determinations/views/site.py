"""Search help, what the letters are, robots.txt and the sitemap."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import views as sitemap_views
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from determinations.models import Decision, Determination, ImportBatch
from determinations.robots import crawlers_are_welcome, robots_txt
from determinations.search_page.examples import help_examples
from determinations.sitemaps import every_section, section_named
from determinations.views.decorators import allowed_params, search_unavailable_as_503

_SECTION = "determinations:sitemap_section"


@require_safe
@allowed_params()
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "determinations/help.html", {"tables": help_examples()})


@require_safe
@allowed_params()
def about(request: HttpRequest) -> HttpResponse:
    """What the words mean, where letters come from, and what this site has of them."""
    letters = Determination.objects.current()
    # The ends of an index: for years of all letters SQLite calls Python for every one.
    decided = (
        letters.filter(decided_on__isnull=False).order_by("decided_on").values_list("decided_on", flat=True)
    )
    context = {
        "decisions": list(Decision),
        "letters": letters.count(),
        "first": decided.first(),
        "last": decided.last(),
        "last_import": ImportBatch.objects.aggregate(at=Max("finished_at"))["at"],
    }
    return render(request, "determinations/about.html", context)


@login_not_required
@require_safe
@cache_control(max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    sitemap = request.build_absolute_uri(reverse("determinations:sitemap"))
    return HttpResponse(robots_txt(sitemap), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of all sections."""
    _only_where_crawlers_are_welcome()
    return sitemap_views.index(request, {**every_section()}, sitemap_url_name=_SECTION)


@require_safe
@cache_control(max_age=3600)
@search_unavailable_as_503
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    _only_where_crawlers_are_welcome()
    found = section_named(section)
    if found is None:
        raise Http404(f"The sitemap has no section “{section}”.")
    return sitemap_views.sitemap(request, {section: found})


def _only_where_crawlers_are_welcome() -> None:
    if not crawlers_are_welcome():
        raise Http404("This site does not allow crawlers, so it has no sitemap.")
