"""axe-core on an opened page: WCAG 2.0 to 2.2, A and AA, and what axe holds to be good practice."""

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLORS = ["color-contrast", "link-in-text-block"]
"""All that may change with the color scheme alone."""


def violations(page: Page, rules: Sequence[str] = (), without: Sequence[str] = ()) -> list[str]:
    """A line for each violation, with the first elements concerned; of these `rules` alone, where named."""
    options: dict[str, Any] = {
        "resultTypes": ["violations"],
        "preload": False,  # reads sheets again for rules that are not asked for, against the site's policy
        "runOnly": {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS},
        "rules": {"target-size": {"enabled": True}} | {rule: {"enabled": False} for rule in without},
    }
    found = Axe().run(page, options=options if not rules else {**options, "rules": {}})
    return [_line(violation) for violation in found.response["violations"]]


def _line(violation: dict[str, Any]) -> str:
    nodes = [f"{node['html'][:200]} ({_why(node)})" for node in violation["nodes"][:3]]
    return f"{violation['id']}: {violation['help']}, {len(violation['nodes'])} times:\n  " + "\n  ".join(
        nodes
    )


def _why(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))
