"""`{% folder_button name %}`: a form that adds an item to the research folder or removes it."""

from dataclasses import dataclass

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import RequestContext
from django.urls import reverse

from determinations.research.folder_storage import folder_of

register = template.Library()
_ON_REQUEST = "_folder_buttons"


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all buttons of one page have in common."""

    in_folder: frozenset[str]
    token: str


@register.inclusion_tag("determinations/research/folder_button.html", takes_context=True)
def folder_button(context: RequestContext, name: str) -> dict[str, object]:
    """Works inside `{% include ... only %}`, too. It leads back to itself, so that one is where one was."""
    request: HttpRequest = context.request
    shared = _shared(request)
    is_in_folder = name in shared.in_folder
    return {
        "name": name,
        "is_in_folder": is_in_folder,
        "action": reverse(f"determinations:folder_{'remove' if is_in_folder else 'add'}", args=[name]),
        "next": f"{request.get_full_path()}#folder-{name}",
        "csrf_token": shared.token,
    }


def _shared(request: HttpRequest) -> _Shared:
    shared: _Shared | None = getattr(request, _ON_REQUEST, None)
    if shared is None:
        names = frozenset(entry.name for entry in folder_of(request).entries())
        shared = _Shared(names, get_token(request))
        setattr(request, _ON_REQUEST, shared)
    return shared
