"""What leads to a research folder.

`{% folder_button name %}` adds an item or removes it, `{% passage_form name anchor %}` takes a passage of its
letter, and `{% folder_url folder "folder_up" name %}` is the address of a view of a folder.
"""

from dataclasses import dataclass
from html import escape

from django import template
from django.http import HttpRequest
from django.template import RequestContext
from django.urls import reverse
from django.utils.safestring import SafeString

from determinations.form_tokens import form_token
from determinations.research.folder import ResearchFolder
from determinations.research.folder_storage import current_folder

register = template.Library()
_ON_REQUEST = "_folder_buttons"
_PLACE = "ITEM"

# A page of results has twenty of them; each format string escapes every text that goes into it.
_BUTTON = (
    '<form class="folder-button" id="folder-{name}" method="post" action="{action}"'
    ' data-opposite="{opposite}">\n'
    '<input type="hidden" name="csrfmiddlewaretoken" value="{token}">\n'
    '<input type="hidden" name="next" value="{next}">\n'
    '<a class="folder-there" href="{folder}" data-when="in"{when_in}>In your folder</a>\n'
    '<button class="quiet" type="submit" data-when="in"{when_in}>'
    'Remove<span class="visually-hidden"> from the folder: {name}</span></button>\n'
    '<button class="quiet" type="submit" data-when="out"{when_out}>'
    'Add to folder<span class="visually-hidden">: {name}</span></button>\n'
    "</form>\n"
)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all buttons of one page have in common."""

    folder: ResearchFolder
    in_folder: frozenset[str]
    token: str
    page: str
    folder_url: str
    add_url: str
    remove_url: str
    """Addresses, escaped; in the last two _PLACE is where an item is named."""


@register.simple_tag(takes_context=True)
def folder_button(context: RequestContext, name: str) -> SafeString:
    """Works inside `{% include ... only %}`, too. It leads back to itself, so that one is where one was."""
    request: HttpRequest = context.request
    shared = _shared(request)
    is_in_folder = name in shared.in_folder
    written = escape(name)
    changes = [url.replace(_PLACE, written) for url in (shared.add_url, shared.remove_url)]
    action, opposite = reversed(changes) if is_in_folder else changes
    return SafeString(
        _BUTTON.format(
            name=written,
            action=action,
            opposite=opposite,
            token=escape(shared.token),
            next=f"{shared.page}#folder-{written}",
            folder=shared.folder_url,
            when_in="" if is_in_folder else " hidden",
            when_out=" hidden" if is_in_folder else "",
        )
    )


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
        shared = _Shared(
            folder,
            names,
            form_token(request),
            escape(request.get_full_path()),
            escape(reverse("determinations:folder")),
            *(
                escape(reverse(f"determinations:folder_{change}", args=[_PLACE]))
                for change in ("add", "remove")
            ),
        )
        setattr(request, _ON_REQUEST, shared)
    return shared
