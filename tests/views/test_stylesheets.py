"""What the stylesheets promise each other, where a browser would only show it to an eye."""

import re
from collections.abc import Iterator
from pathlib import Path

STYLES = Path(__file__).parents[2] / "static" / "determinations" / "site"
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def rules() -> Iterator[tuple[set[str], str]]:
    """The selectors of each rule and what it declares."""
    for path in sorted(STYLES.glob("*.css")):
        css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for selectors, declared in RULE.findall(css):
            yield {selector.strip() for selector in selectors.split(",")}, declared


def test_a_summary_with_the_sites_own_sign_has_no_native_one() -> None:
    signed = {
        selector.removesuffix("::before")
        for selectors, declared in rules()
        for selector in selectors
        if selector.endswith("> summary::before") and "content:" in declared
    }
    bare = {
        selector
        for selectors, declared in rules()
        for selector in selectors
        if "list-style: none" in declared
    }
    assert ".reading-notes > summary" in signed
    assert signed <= bare
