"""What leads to a research folder.

`{% folder_button name %}` adds an item or removes it, `{% passage_form name anchor %}` takes a passage of its
letter, and `{% folder_url folder "folder_up" name %}` is the address of a view of a folder.
"""

from dataclasses import dataclass

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import RequestContext
from django.urls import reverse

from determinations.research.folder import ResearchFolder
from determinations.research.folder_storage import current_folder

register = template.Library()
_ON_REQUEST = "_folder_buttons"


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all buttons of one page have in common."""

    folder: ResearchFolder
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
        "add_url": reverse("determinations:folder_add", args=[name]),
        "remove_url": reverse("determinations:folder_remove", args=[name]),
        "next": f"{request.get_full_path()}#folder-{name}",
        "csrf_token": shared.token,
    }


@register.inclusion_tag("determinations/research/passage_form.html", takes_context=True)
def passage_form(context: RequestContext, name: str, anchor: str) -> dict[str, object]:
    """Takes a pasted passage without a script; the script of selected passages sends the same form."""
    request: HttpRequest = context.request
    shared = _shared(request)
    return {
        "name": name,
        "action": reverse("determinations:folder_quote", args=[name]),
        "next": f"{request.get_full_path()}#{anchor}",
        "folder_name": shared.folder.name,
        "csrf_token": shared.token,
    }


@register.simple_tag
def folder_url(folder: ResearchFolder, view: str = "folder", *args: str) -> str:
    """The address of a view of this folder, the folder that items go into having no key in it."""
    key = () if folder.key is None else (folder.key,)
    return reverse(f"determinations:{view}", args=[*key, *args])


def _shared(request: HttpRequest) -> _Shared:
    shared: _Shared | None = getattr(request, _ON_REQUEST, None)
    if shared is None:
        folder = current_folder(request)
        names = frozenset(entry.name for entry in folder.entries())
        shared = _Shared(folder, names, get_token(request))
        setattr(request, _ON_REQUEST, shared)
    return shared
