"""Fills an empty data directory as use would: accounts, all kinds of imports, a folder, saved searches.

Runs in a process of its own: the browser meets a site that the tests' process has no part in.
"""

import json
import shutil
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from determinations.models import Determination, DisputedItem, Folder, ImportBatch, SavedSearch
from determinations.research.alerts import stop_path
from tests.browser.site_facts import LETTER, YEARS, SiteFacts

SAMPLES = Path(__file__).resolve().parents[2] / "sample_letters"


def _import_letters(aside: Path) -> None:
    """Three years of the invented letters, one of them in a newer version as well, and a broken file."""
    call_command("import_letters", *(str(SAMPLES / year) for year in YEARS), verbosity=0)
    newer = aside / "newer"
    newer.mkdir(parents=True)
    letter = next(SAMPLES.rglob(f"{LETTER}.txt"))
    text = letter.read_text(encoding="utf-8")
    (newer / letter.name).write_text(text + "\nThis letter was issued again.\n", encoding="utf-8")
    shutil.copy(letter, newer / "once-more.txt")
    (newer / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    with suppress(CommandError):  # as it should say, of the broken file
        call_command("import_letters", str(newer), verbosity=0)


def _signed_in(user: User) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return client


def _keep_things(attorney: Client) -> None:
    """The attorney's folder with a note, and two saved searches, of which one has news."""
    items = DisputedItem.objects.filter(determination__public_id=LETTER)
    for item in items:
        address = reverse("determinations:folder_add", args=[f"{LETTER}.{item.position}"])
        assert attorney.post(address).status_code == 302
    for name, query in (
        ("Denials", "decision=upheld&service=pharmaceuticals"),
        ("Injections", "q=injection"),
    ):
        sent = {"name": name, "query": query}
        assert attorney.post(reverse("determinations:save_search"), sent).status_code == 302
    SavedSearch.objects.filter(name="Denials").update(seen=b"")


def _share_a_folder(attorney: User, colleague: User, by_attorney: Client) -> int:
    """A second folder of the attorney with a passage and a note, which the colleague may read; its key."""
    folder = Folder.objects.create(owner=attorney, name="Smith v. Acme")
    item = DisputedItem.objects.filter(determination__public_id=LETTER).exclude(rationale="")[0]
    sent = {"passage": item.rationale[:200]}
    quote = reverse("determinations:folder_quote", args=[folder.pk, item.name])
    assert by_attorney.post(quote, sent).status_code == 302
    note = {f"note-{item.name}": "Compare with the report of August", f"seen-{item.name}": ""}
    assert by_attorney.post(reverse("determinations:folder_notes", args=[folder.pk]), note).status_code == 302
    shared = {"username": colleague.username, "may_write": ""}
    assert (
        by_attorney.post(reverse("determinations:folder_share", args=[folder.pk]), shared).status_code == 302
    )
    return folder.pk


def prepare(aside: Path) -> None:
    """Print the facts of the site as the last line, in JSON; `aside` is a folder for letters to import."""
    call_command("migrate", interactive=False, verbosity=0)
    _import_letters(aside)
    attorney = User.objects.create_user("attorney", "attorney@example.org", "only for tests")
    clerk = User.objects.create_superuser("clerk", "clerk@example.org", "only for tests")
    colleague = User.objects.create_user("colleague", "colleague@example.org", "only for tests")
    by_attorney = _signed_in(attorney)
    _keep_things(by_attorney)
    by_attorney.get("/?q=injection")
    saved = SavedSearch.objects.get(name="Denials")
    letter = Determination.objects.get(public_id=LETTER)
    facts = SiteFacts(
        letter_key=letter.pk,
        item_key=letter.items.all()[0].pk,
        older_version=Determination.objects.get(superseded_by=letter).public_id,
        batch_with_failures=ImportBatch.objects.latest("pk").pk,
        saved_search=saved.pk,
        shared_folder=(shared := _share_a_folder(attorney, colleague, by_attorney)),
        shared_item=Folder.objects.get(pk=shared).items.get().name,
        feed_token=saved.feed_token,
        stop_alerts=stop_path(attorney.pk),
        sessions={
            "attorney": by_attorney.cookies["sessionid"].value,
            "colleague": _signed_in(colleague).cookies["sessionid"].value,
            "clerk": _signed_in(clerk).cookies["sessionid"].value,
        },
    )
    sys.stdout.write(json.dumps(asdict(facts)) + "\n")
