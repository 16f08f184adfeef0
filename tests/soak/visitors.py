"""Clients of a soaked site: visitors, an editor in the admin, and 200 that send a byte a second."""

import http
import re
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookiejar import CookieJar
from random import Random
from typing import Any, Protocol

from tests.importing.sites import Site
from tests.soak.ledger import Ledger

PATIENCE_SECONDS = 90.0
SLOW_CLIENTS = 200
EDITOR, PASSWORD = "soak-editor", "only for a soak, invented"
ADDRESSES = (
    "/",
    "/?q=pain",
    "/?q=%22medial+branch%22&decision=overturned",
    "/?q=lumb*",
    "/suggest/?q=lum",
    "/search.csv?q=injection",
    "/api/search?q=norco",
    "/statistics/",
    "/help/",
    "/health/",
)
_KEYS = "SELECT id, public_id FROM determinations_determination ORDER BY random() LIMIT 1"


class Served(Protocol):
    """A site that answers on a port of this machine."""

    @property
    def port(self) -> int: ...

    @property
    def site(self) -> Site: ...


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Browser:
    """Keeps cookies, follows no redirect, and notes every answer."""

    def __init__(self, served: Served, ledger: Ledger) -> None:
        self._root = f"http://127.0.0.1:{served.port}"
        self._ledger = ledger
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies, _NoRedirects)

    def ask(self, address: str, form: dict[str, list[str]] | None = None) -> tuple[int, str]:
        """Status and content; the status is 0 where no answer came."""
        body = urllib.parse.urlencode(form, doseq=True).encode() if form is not None else None
        return self.send(address, body, {})

    def send(self, address: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, str]:
        """The same with any body."""
        headers = {"Referer": self._root + address, **headers}
        request = urllib.request.Request(self._root + address, body, headers)  # noqa: S310 - on loopback
        started = time.monotonic()
        try:
            with self._opener.open(request, timeout=PATIENCE_SECONDS) as answer:
                status, content = answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            status, content = error.code, ""
            if status == http.HTTPStatus.SERVICE_UNAVAILABLE and not _says_when(error, address):
                self._ledger.fault(f"{address} answered 503 and did not say when to come back")
            with suppress(OSError, HTTPException):
                content = error.read().decode(errors="replace")
        except (OSError, HTTPException) as error:
            self._ledger.cut_off(address, repr(error), started)
            return 0, ""
        self._ledger.answered(address, status, time.monotonic() - started)
        return status, content


def _says_when(error: urllib.error.HTTPError, address: str) -> bool:
    """Programs that watch a site decide for themselves when they ask again."""
    return "Retry-After" in error.headers or address.startswith("/health/")


class Visitor:
    def __init__(self, served: Served, ledger: Ledger, random: Random) -> None:
        self._browser, self._served, self._random = Browser(served, ledger), served, random

    def step(self) -> None:
        """One page: of the site's, or of a letter."""
        address = self._random.choice(ADDRESSES)
        if self._random.random() < 0.3 and (letters := self._served.site.rows(_KEYS)):
            address = f"/determinations/{letters[0][1]}/"
        status, _ = self._browser.ask(address)
        time.sleep(0.05 if status else 1)


class Editor:
    """Corrects the clinical summary of one letter after another. `keys` asks for the next one's key.

    `ledger` has the answers, `corrections` what was acknowledged; they may be one.
    """

    def __init__(
        self,
        served: Served,
        ledger: Ledger,
        random: Random,
        corrections: Ledger | None = None,
        keys: str = _KEYS,
    ) -> None:
        self._browser, self._served, self._ledger = Browser(served, ledger), served, corrections or ledger
        self._corrections, self._keys = 0, keys

    def step(self) -> None:
        letters = self._served.site.rows(self._keys)
        if not letters:
            time.sleep(1)
            return
        key = int(str(letters[0][0]))
        address = f"/admin/determinations/determination/{key}/change/"
        status, content = self._browser.ask(address)
        if status == 302:
            sign_in(self._browser)
        if status != 200:
            time.sleep(0.5)
            return
        self._corrections += 1
        text = f"Corrected {self._corrections} times in a soak."
        form = Form(content, "determination_form").fields | {"clinical_summary": [text]}
        status, content = self._browser.ask(address, form)
        if status == 302:
            self._ledger.correction(key, text, acknowledged=True)
            self._ledger.did("corrections acknowledged")
        elif status in (0, 503):
            self._ledger.correction(key, text, acknowledged=False)
        elif status == 200:
            self._ledger.fault(f"a correction was refused: {re.findall(r'errorlist.*', content)[:3]}")


def sign_in(browser: Browser) -> None:
    """As the editor, if the site answers."""
    status, content = browser.ask("/admin/login/")
    if status == 200:
        form = Form(content, "login-form").fields
        browser.ask("/admin/login/", form | {"username": [EDITOR], "password": [PASSWORD]})


class Form(HTMLParser):
    """What a browser would send of the form with this id."""

    def __init__(self, content: str, form_id: str) -> None:
        super().__init__(convert_charrefs=True)
        self.fields: dict[str, list[str]] = {}
        self._id, self._inside = form_id, False
        self._text_of = self._select = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == self._id
        name = given.get("name", "")
        if not self._inside:
            return
        if tag == "textarea":
            self._text_of = name
            self.fields[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.fields.setdefault(self._select, []).append(given.get("value", ""))
        elif tag == "input" and name and _is_sent(given):
            self.fields[name] = [given.get("value", "")]

    def handle_data(self, data: str) -> None:
        if self._text_of:
            self.fields[self._text_of][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text_of:
            self.fields[self._text_of][0] = self.fields[self._text_of][0].removeprefix("\n")
            self._text_of = ""
        elif tag == "form":
            self._inside = False


def _is_sent(given: dict[str, str]) -> bool:
    kind = given.get("type")
    return kind not in {"submit", "file", "button"} and (
        kind not in {"checkbox", "radio"} or "checked" in given
    )


class SlowClients:
    """Each sends a header's beginning and then a byte a second; a client that is cut off comes again."""

    def __init__(self, served: Served, ledger: Ledger, random: Random) -> None:
        self._address = ("127.0.0.1", served.port)
        self._ledger = ledger
        self._open: list[socket.socket] = []

    def step(self) -> None:
        while len(self._open) < SLOW_CLIENTS:
            try:
                client = socket.create_connection(self._address, 5)
                client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            except OSError:
                break  # the site is starting again
            client.setblocking(False)
            self._open.append(client)
            self._ledger.did("slow connections")
        for client in tuple(self._open):
            try:
                client.send(b"x")
            except OSError:
                client.close()
                self._open.remove(client)
        time.sleep(1)

    def close(self) -> None:
        for client in self._open:
            client.close()
