"""What the removal of a letter takes along: shown to the person who decides, and carried out as shown."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from pyroaring import BitMap

from determinations.importing import originals
from determinations.importing.archives import contains_any
from determinations.models import Determination, DisputedItem, FileResult, FolderItem, ImportFile, SavedSearch
from determinations.removal.quotations import LetterQuotations


class NoSuchLetterError(Exception):
    """No letter has this case number, address or hash; the message says so."""


@dataclass(frozen=True, slots=True)
class RemovalPlan:
    """`asked_for` were named; `letters` are those, and the others in the same files, which go along.

    `files` are the rows of imports with the same bytes, `archives` those of what contained them. `entries`
    are in people's folders; `quoting` are entries on other items whose notes quote a letter. `followed` are
    saved searches that have shown or mailed one of the items. `outside` are files that this site does not
    keep: where they were imported from, and in the inbox.
    """

    asked_for: tuple[Determination, ...]
    letters: tuple[Determination, ...]
    item_keys: frozenset[int]
    item_names: frozenset[str]
    files: tuple[ImportFile, ...]
    archives: tuple[ImportFile, ...]
    entries: tuple[FolderItem, ...]
    quoting: tuple[FolderItem, ...]
    followed: tuple[SavedSearch, ...]
    outside: tuple[Path, ...]
    quotations: LetterQuotations

    @property
    def hashes(self) -> dict[str, str]:
        """Hash of bytes -> hash of the text, of the letters' files."""
        return {letter.content_hash: letter.text_hash for letter in self.letters}

    @property
    def archive_hashes(self) -> frozenset[str]:
        return frozenset(archive.content_hash for archive in self.archives if archive.content_hash)

    def lines(self) -> list[str]:
        """What goes, in words, a line each."""
        also = [letter for letter in self.letters if letter not in self.asked_for]
        older = sum(not letter.is_current for letter in self.asked_for)
        lines = [
            f"{_names(self.asked_for)}: {_count(len(self.asked_for), 'letter')}"
            + (f" ({older} of them earlier versions)" if older else "")
            + f", with {_count(len(self.item_keys), 'disputed item')} in all"
        ]
        if also:
            lines.append(f"{_names(also)}: in the same file, and therefore removed as well")
        kept = [one for one in {*self.hashes, *self.archive_hashes} if originals.is_kept(one)]
        lines += [
            f"{_count(len(kept), 'kept file')} with the original bytes",
            f"{_count(len(self.files), 'file')} in the lists of imports: the names and the bytes",
        ]
        if self.archives:
            lines.append(
                f"{_count(len(self.archives), 'archive')} that contained it: "
                f"{', '.join(sorted({archive.name for archive in self.archives}))}. Other letters in it stay"
            )
        lines.append("all words that only these letters have: in search, type-ahead, corrections, statistics")
        for entry in self.entries:
            lines.append(f"{_folder(entry)}: {entry.name}" + (", with a note" if entry.note else ""))
        for entry in self.quoting:
            lines.append(f"{_folder(entry)}: the quotation in the note on {entry.name}")
        for search in self.followed:
            lines.append(
                f"the saved search “{search.name}” of {search.user}, with its feed. "
                "Feed readers and sent mails may keep a copy"
            )
        lines += [f"not removed, since it is outside the site: {path}" for path in self.outside]
        return lines


def plan_removal(letters: Iterable[Determination]) -> RemovalPlan:
    """Of these letters. Changes nothing."""
    asked_for = tuple(letters)
    hashes = {letter.content_hash for letter in asked_for}
    in_files = tuple(Determination.objects.filter(content_hash__in=hashes).order_by("pk"))
    items = list(DisputedItem.objects.filter(determination__in=in_files).select_related("determination"))
    keys = frozenset(item.pk for item in items)
    names = frozenset(item.name for item in items)
    files = tuple(
        ImportFile.objects.filter(Q(content_hash__in=hashes) | Q(determination__in=in_files)).order_by("pk")
    )
    archives = _archives_of(files, hashes)
    quotations = LetterQuotations(_texts(in_files, items))
    everyone = FolderItem.objects.select_related("folder__owner")
    entries = tuple(everyone.filter(Q(item_key__in=keys) | Q(name__in=names)))
    own = {entry.pk for entry in entries}
    return RemovalPlan(
        asked_for=asked_for,
        letters=in_files,
        item_keys=keys,
        item_names=names,
        files=files,
        archives=archives,
        entries=entries,
        quoting=tuple(
            one
            for one in everyone.exclude(note="")
            if one.pk not in own and without_quotations(quotations, one.name, one.note) != one.note
        ),
        followed=_followed(keys),
        outside=tuple(_outside((*files, *archives))),
        quotations=quotations,
    )


def without_quotations(quotations: LetterQuotations, name: str, note: str) -> str:
    """The note on the item of this name without quotations that its own letter does not contain."""
    if not quotations.are_in(note):
        return note
    item = DisputedItem.objects.by_name([name]).get(name)
    if item is not None:
        letter = Determination.objects.get(pk=item.determination_id)
        quotations = quotations.besides(_texts([letter], list(letter.items.all())))
    return quotations.removed_from(note)


def letters_named(name: str, *, earlier_versions: bool = False) -> list[Determination]:
    """The letters with a case number, in all versions, or the one with an address or a hash.

    With `earlier_versions`, those that the current version took the place of. Raises NoSuchLetterError.
    """
    everything = Determination.objects.order_by("pk")
    named = everything.filter(Q(case_number__iexact=name) & ~Q(case_number=""))
    found = list(named) or list(everything.filter(Q(public_id__iexact=name) | Q(content_hash=name)))
    if earlier_versions:
        found = [letter for letter in found if not letter.is_current]
    if not found:
        kind = "an earlier version under" if earlier_versions else "the case number, address or hash"
        raise NoSuchLetterError(f"No letter has {kind} “{name}”.")
    return found


def with_all_versions(letters: Iterable[Determination]) -> list[Determination]:
    """These letters; with a current one go the earlier versions under its case number."""
    chosen = list(letters)
    numbers = {letter.case_number for letter in chosen if letter.is_current} - {""}
    keys = {letter.pk for letter in chosen}
    return list(Determination.objects.filter(Q(pk__in=keys) | Q(case_number__in=numbers)).order_by("pk"))


def _archives_of(files: Sequence[ImportFile], hashes: set[str]) -> tuple[ImportFile, ...]:
    """What the files were in, and what that was in; and every other row with the same bytes."""
    not_unpacked = ImportFile.objects.exclude(content_hash="").filter(
        result__in=(FileResult.WAITING, FileResult.CANCELLED, FileResult.FAILED)
    )
    found = {row.pk: row for row in not_unpacked.iterator() if contains_any(row, hashes)}
    present = {file.pk for file in files}
    waiting = [file.archive_id for file in files if file.archive_id]
    while waiting:
        rows = [row for row in ImportFile.objects.filter(pk__in=waiting) if row.pk not in found]
        kept = {row.content_hash for row in rows} - {""} - hashes
        rows += ImportFile.objects.filter(content_hash__in=kept).exclude(pk__in=[row.pk for row in rows])
        found.update((row.pk, row) for row in rows if row.pk not in present)
        waiting = [row.archive_id for row in rows if row.archive_id]
    return tuple(found[pk] for pk in sorted(found))


def _texts(letters: Sequence[Determination], items: Sequence[DisputedItem]) -> Iterable[str]:
    for letter in letters:
        yield letter.full_text
        yield letter.clinical_summary
    for item in items:  # a person may have corrected them, so that the letter does not say it
        yield from (
            item.request,
            item.rationale,
            item.reviewer_guideline,
            item.claims_administrator_guideline,
        )


def _followed(keys: frozenset[int]) -> tuple[SavedSearch, ...]:
    gone = BitMap(keys)
    return tuple(
        search
        for search in SavedSearch.objects.select_related("user")
        if any(
            bytes(told) and gone & BitMap.deserialize(bytes(told)) for told in (search.seen, search.mailed)
        )
    )


def _outside(files: Sequence[ImportFile]) -> list[Path]:
    """Where the bytes still are beside the data directory, as far as the site knows."""
    paths = {Path(os.fsdecode(bytes(file.path))) for file in files if file.path}
    hashes = {file.content_hash for file in files} - {""}
    sizes = {file.size for file in files}
    inbox = Path(settings.INBOX_DIR) if settings.INBOX_DIR else None
    for folder in (inbox / "done", inbox / "failed") if inbox else ():
        for path in folder.rglob("*"):
            if path.is_file() and path.stat().st_size in sizes and originals.hash_of(path) in hashes:
                paths.add(path)
    return sorted(path for path in paths if path.exists())


def _folder(entry: FolderItem) -> str:
    return f"“{entry.folder}”, a folder of {entry.folder.owner}"


def _names(letters: Iterable[Determination]) -> str:
    return ", ".join(dict.fromkeys(str(letter) for letter in letters))


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
