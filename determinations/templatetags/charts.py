"""Menus of the values that can be compared, and the keys to their series.

A page has several menus with some hundred values each, so they are not templates: each format string here
escapes every text that goes into it.
"""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString

from determinations.statistics.chart_frame import shape
from determinations.statistics.comparison import OptionGroup

register = template.Library()

_GROUP = '<optgroup label="{label}">{options}</optgroup>'
_OPTION = '<option value="{value}"{selected}>{label}, {decided}</option>'


@register.simple_tag
def value_options(groups: Iterable[OptionGroup], chosen: str) -> SafeString:
    """The options of a menu, each with its number of decided items; `chosen` is selected."""
    return SafeString(
        "".join(
            _GROUP.format(
                label=escape(group.label),
                options="".join(
                    _OPTION.format(
                        value=escape(option.value),
                        selected=" selected" if option.value == chosen else "",
                        label=escape(option.label),
                        decided=f"{option.decided:,}",
                    )
                    for option in group.options
                ),
            )
            for group in groups
        )
    )


@register.filter
def series_shape(series: int) -> str:
    """The outline of a series' mark in the middle of a square of 12."""
    return shape(series, 6, 6)
