"""A page as a reader meets it: its words, links and marks, taken from the HTML with Python's own parser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())


class Page(HTMLParser):
    """Every element of a page in document order, each with all the text within it."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.unbalanced: list[str] = []
        self._open: list[Element] = []
        self.feed(content)
        self.close()
        self.unbalanced += [f"<{element.tag}> is never closed" for element in self._open]

    @classmethod
    def of(cls, response: Any) -> "Page":
        return cls(response.content.decode())

    @property
    def text(self) -> str:
        """The words of the page's body."""
        return self.one("body").text

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of this tag with these attributes; `class_` names one of the classes."""
        wanted_class = attributes.pop("class_", None)
        return [
            element
            for element in self.elements
            if element.tag == tag
            and (wanted_class is None or wanted_class in element.classes)
            and all(
                element.attributes.get(name.replace("_", "-")) == value for name, value in attributes.items()
            )
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} <{tag}> with {attributes}"
        return found[0]

    def link(self, text: str) -> str:
        """Where the only link with this text leads. Raises AssertionError for none or several."""
        found = {element.attributes["href"] for element in self.all("a") if element.text == text}
        assert len(found) == 1, f"{len(found)} links “{text}”: {sorted(e.text for e in self.all('a'))}"
        return found.pop()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].tag == tag:
            self._open.pop()
        else:
            self.unbalanced.append(
                f"</{tag}> where {self._open[-1].tag if self._open else 'nothing'} is open"
            )

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.parts.append(data)


def rate_of(element: Element) -> dict[str, str]:
    """An outcome rate's numbers from its element's data attributes; low and high may be missing."""
    names = ("overturned", "decided", "low", "high")
    return {
        name: element.attributes[f"data-{name}"] for name in names if f"data-{name}" in element.attributes
    }


def read(client: Client, address: str, status: int = 200) -> Page:
    """The page at an address, which must have that status and close every element."""
    response = client.get(address)
    assert response.status_code == status
    page = Page.of(response)
    assert not page.unbalanced
    return page
