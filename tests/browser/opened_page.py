"""A page of the site in the browser, and everything that went wrong in it."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.browser.places import Place
from tests.browser.site_server import Site

Scheme = Literal["light", "dark"]
WIDE = (1280, 900)
PHONE = (360, 740)


@dataclass
class Visitor:
    """One person's browser window. `troubles` gathers console errors, script errors and failed requests."""

    site: Site
    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)
    expected_status: int = 200

    def go(self, path: str, status: int = 200) -> Response:
        """Open a path of the site; its answer must have this status."""
        self.expected_status = status
        answer = self.page.goto(self.site.url + path.format_map(asdict(self.site.facts)))
        assert answer and answer.status == status, f"{path}: {answer and answer.status}"
        return answer

    def visit(self, place: Place) -> None:
        self.go(place.path, place.status)

    def wait_for_htmx(self) -> None:
        """Asks from outside, as the page's policy lets it evaluate no text by itself."""
        for _ in range(1_500):
            if self.page.evaluate("Boolean(window.htmx)"):
                return
            self.page.wait_for_timeout(20)
        raise AssertionError("The page never loaded htmx.")

    def resize(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def wear(self, scheme: Scheme) -> None:
        """Switch to light or dark, and wait for what fades over (links of Django's admin do)."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.evaluate("Promise.all(document.getAnimations().map((fading) => fading.finished))")

    def overflow(self) -> list[str]:
        """What makes the page wider than its window; empty where nothing scrolls sideways."""
        found: list[str] = self.page.evaluate(_OVERFLOW)
        return found

    def _on_console(self, message: ConsoleMessage) -> None:
        is_expected = f"status of {self.expected_status} " in message.text and self.expected_status >= 400
        if message.type in {"error", "warning"} and not is_expected:
            self.troubles.append(f"console: {message.text}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and not (
            response.status == self.expected_status and response.request.is_navigation_request()
        ):
            self.troubles.append(f"{response.status} for {response.url}")

    def watch(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("response", self._on_response)
        self.page.on(
            "requestfailed",
            lambda request: (
                self.troubles.append(f"{request.url} failed: {request.failure}")
                if request.failure
                != "net::ERR_ABORTED"  # the type-ahead drops a question that was typed over
                else None
            ),
        )


_OVERFLOW = """() => {
  const limit = innerWidth;
  if (document.scrollingElement.scrollWidth <= limit) return [];
  const right = (element) => element.getBoundingClientRect().right;
  const wide = [...document.body.querySelectorAll("*")]
    .filter((element) => right(element) > limit + 0.5)
    .map((element) => `<${element.localName} class="${element.getAttribute("class")}"> to ${right(element)}`);
  return [`page of ${document.scrollingElement.scrollWidth} in ${limit}`, ...wide.slice(0, 8)];
}"""


def visitor(
    browser: Browser, site: Site, who: str = "", size: tuple[int, int] = WIDE, **options: Any
) -> Visitor:
    """A new window without history; `who` is signed in. `options` are Playwright's for a context."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    if who:
        session = {"name": "sessionid", "value": site.facts.sessions[who], "url": site.url}
        context.add_cookies([session])  # type: ignore[list-item]
    opened = Visitor(site, context, context.new_page())
    opened.watch()
    return opened
