"""Pages about the site: how to ask, and what the letters are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from determinations.models import Decision
from determinations.search_page.examples import help_examples
from determinations.views.notices import takes


@require_safe
@takes()
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "determinations/help.html", {"tables": help_examples()})


@require_safe
@takes()
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "determinations/about.html", {"decisions": list(Decision)})
