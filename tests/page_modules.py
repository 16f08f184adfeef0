"""Which of the app's modules a search page enters: `python -m tests.page_modules [ADDRESS]`.

A module is entered if one of its functions runs while Django's test client gets the page. The page is asked
for twice, and the second time counts: the first loads vocabulary and opens the index. The site is new and has
the sample letters of one year.
"""

import os
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType

SAMPLES = Path(__file__).resolve().parent.parent / "sample_letters" / "2019"
PAGE = "/?q=knee&decision=upheld"
"""A word and a decision; it finds items."""


def modules_entered(address: str) -> set[str]:
    """Dotted names. Django must be set up, its database and index filled."""
    from django.test import Client

    client = Client()
    entered: set[str] = set()

    def note(frame: FrameType, event: str, argument: object) -> None:
        name = frame.f_globals.get("__name__", "")
        if event == "call" and name.startswith("determinations.") and frame.f_code.co_name != "<module>":
            entered.add(name)

    assert client.get(address).status_code == 200
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        response = client.get(address)
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    assert response.status_code == 200
    if b'class="result"' not in response.content:
        print("The page shows no result.")
    return entered


def main(address: str = PAGE) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            IMR_DATA_DIR=folder, IMR_ALLOWED_HOSTS="testserver", DJANGO_SETTINGS_MODULE="imrsite.settings"
        )
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("import_letters", str(SAMPLES), verbosity=0)
        entered = modules_entered(address)
    print("\n".join(sorted(entered)))
    print(f"modules that {address} enters: {len(entered)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
