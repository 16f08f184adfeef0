"""Letters come to the machines: as paths typed on one of them, and as uploads that any worker may take."""

import hashlib
import io
import json
import re
import subprocess
import sys
import threading
import time
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable

from tests.campaign.figures import Figures
from tests.campaign.machines import Machine
from tests.soak.ledger import Ledger
from tests.soak.operators import letters_of_their_own
from tests.soak.visitors import Browser, sign_in

_LIST = "/admin/determinations/importbatch/"
_SECONDS_BETWEEN_TRIES = 1.0
_RUNNING = "SELECT count(*) FROM determinations_importbatch WHERE id = {} AND state = 'running'"


class Importer(ABC):
    """Brings `batches`, each a number of letters and the number of its first, one after the other."""

    def __init__(
        self, machine: Machine, ledger: Ledger, figures: Figures, batches: list[tuple[int, int]], seed: int
    ) -> None:
        self._machine, self._ledger, self._figures = machine, ledger, figures
        self._batches, self._seed = batches, seed

    def run(self, given_up: threading.Event) -> None:
        """Returns when all letters were taken in, or somebody gave up."""
        for count, first in self._batches:
            letters = list(letters_of_their_own(count, self._seed + first, first))
            hashes = {hashlib.sha256(data).hexdigest() for data in letters}
            begun = time.monotonic()
            if not self._bring(first, letters, given_up):
                self._ledger.fault(f"the letters from {first} on were not taken in on {self._machine.name}")
                return
            self._ledger.taken_in(hashes)
            self._figures.took(f"imports of {count} letters, {self.how}", time.monotonic() - begun)

    how = ""

    @abstractmethod
    def _bring(self, first: int, letters: list[bytes], given_up: threading.Event) -> bool: ...


class TypedImporter(Importer):
    """`import_letters FOLDER` in a shell; goes on as the command says where it had to stop."""

    how = "typed"

    def _bring(self, first: int, letters: list[bytes], given_up: threading.Event) -> bool:
        folder = self._machine.site.folder / "given" / str(first)
        folder.mkdir(parents=True)
        for number, data in enumerate(letters, first):
            (folder / f"{number}.txt").write_bytes(data)
        arguments = [str(folder)]
        while not given_up.is_set():
            status, said = self._command("import_letters", *arguments)
            if status == 0:
                return True
            if "Traceback" in said or status not in (0, 1):
                self._ledger.fault(f"import_letters ended with {status}: {said[-3000:]}")
            if going_on := re.search(r"--continue\s+(\d+)", said):
                arguments = ["--continue", going_on.group(1)]
            self._ledger.did("import_letters given again")
            time.sleep(_SECONDS_BETWEEN_TRIES)
        return False

    def _command(self, *arguments: str) -> tuple[int, str]:
        site = self._machine.site
        done = subprocess.run(
            [sys.executable, str(site.program), *arguments],
            env=site.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout.decode(errors="replace")


class UploadingImporter(Importer):
    """A ZIP archive through the admin, as its page's script sends it; sent again until it is acknowledged."""

    how = "uploaded"

    def _bring(self, first: int, letters: list[bytes], given_up: threading.Event) -> bool:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            for number, data in enumerate(letters, first):
                file.writestr(f"{number}.txt", data)
        browser = Browser(self._machine, self._machine.ledger)
        address = self._until_done(given_up, lambda: self._started(browser, first))
        sent = {"Content-Type": "application/octet-stream", "X-File-Name": f"{first}.zip"}

        def upload() -> str:
            if not (token := self._token(browser)):
                return ""
            status, said = browser.send(address, archive.getvalue(), {**sent, "X-CSRFToken": token})
            if status == 201:
                return "taken"
            sent["X-Sent-Before"] = "1"
            if status not in (0, 302, 503):
                self._ledger.fault(f"an upload was answered {status}: {said[:300]}")
            self._ledger.did("uploads sent again")
            return ""

        if not address or not self._until_done(given_up, upload):
            return False
        number = re.findall(r"\d+", address)[-1]
        rows = self._machine.site.rows
        return bool(
            self._until_done(given_up, lambda: "done" if rows(_RUNNING.format(number)) == [(0,)] else "")
        )

    def _started(self, browser: Browser, first: int) -> str:
        if not (token := self._token(browser)):
            return ""
        form = {"csrfmiddlewaretoken": [token], "files": ["1"], "first": [f"{first}.zip"]}
        status, said = browser.ask(f"{_LIST}start/", form)
        return str(json.loads(said)["upload"]) if status == 201 else ""

    def _token(self, browser: Browser) -> str:
        """Signs in where that is needed; empty where the site does not answer now."""
        for _ in range(2):
            status, content = browser.ask(f"{_LIST}add/")
            if status == 200:
                found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', content)
                return found.group(1) if found else ""
            if status == 302:
                sign_in(browser)
        return ""

    def _until_done(self, given_up: threading.Event, attempt: Callable[[], str]) -> str:
        while not given_up.is_set():
            if answer := attempt():
                return answer
            time.sleep(_SECONDS_BETWEEN_TRIES)
        return ""
