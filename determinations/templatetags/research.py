"""`{% folder_button name %}`: a form that puts an item into the research folder, or takes it out."""

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import RequestContext

from ..research.folder_keeping import folder_of

register = template.Library()


@register.inclusion_tag("research/folder_button.html", takes_context=True)
def folder_button(context: RequestContext, name: str) -> dict[str, object]:
    """Works inside `{% include ... only %}`, too. It leads back to itself, so that one is where one was."""
    request: HttpRequest = context.request
    return {
        "name": name,
        "is_in_folder": any(entry.name == name for entry in folder_of(request).entries()),
        "next": f"{request.get_full_path()}#folder-{name}",
        "csrf_token": get_token(request),
    }
