"""Removes letters for good: rows, bytes, names, folder entries; traces are erased right behind.

The rows go in one transaction with the note that the letters were removed. Whatever ends the process
afterwards, the import worker erases what is left.
"""

from collections.abc import Iterable, Sequence
from functools import partial

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction

from determinations.importing import originals
from determinations.importing.removed_letters import (
    NAME_OF_ARCHIVE,
    NAME_OF_LETTER,
    erase_traces,
    refuse_again,
    remember,
)
from determinations.models import Determination, DisputedItem, FileResult, ImportFile
from determinations.removal.plan import RemovalPlan, plan_removal, without_quotations
from determinations.research.folder_storage import forget_items
from determinations.search.indexing import note_forgetting, note_items_of
from determinations.search.interface import SearchEngine


def remove_for_good(
    letters: Iterable[Determination], engine: SearchEngine | None, by: User | None = None
) -> None:
    """Remove the letters, and what `plan_removal` says goes along; `engine` is this machine's index, if any.

    Raises what `erase_traces` raises: then the letters are removed, and their traces are not all erased.
    """
    plan = remove_rows(letters, by)
    for content_hash in {*plan.hashes, *plan.archive_hashes}:
        originals.forget(content_hash)
    erase_traces(engine)


@transaction.atomic
def remove_rows(letters: Iterable[Determination], by: User | None = None) -> RemovalPlan:
    """The part of a removal that the database does, and what it was."""
    keys = [letter.pk for letter in letters]
    plan = plan_removal(Determination.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    for content_hash, text_hash in plan.hashes.items():
        remember(content_hash, text_hash)
    for content_hash in plan.archive_hashes:
        remember(content_hash)
    _remove_from_folders(plan)
    _remove_from_sessions(plan)
    _rename_archives(plan.archives)
    _rename_files(plan.files)
    _remove_from_log(plan, by)
    numbers = {letter.case_number for letter in plan.letters if letter.is_current} - {""}
    Determination.objects.filter(pk__in=[letter.pk for letter in plan.letters]).delete()
    _let_older_versions_serve(numbers)
    note_forgetting()
    return plan


def _let_older_versions_serve(numbers: set[str]) -> None:
    """Where the current version went alone, the newest that is left takes its place and its address."""
    for number in numbers:
        left = Determination.objects.filter(case_number=number)
        if not left.filter(is_current=True).exists() and (newest := left.order_by("-pk").first()):
            newest.is_current = True
            newest.assign_public_id()
            newest.save(update_fields=["is_current", "public_id"])
            note_items_of([newest.pk])


def _remove_from_folders(plan: RemovalPlan) -> None:
    """An entry goes, with its note, unless its name is now that of a newer version's item."""
    names = {entry.name for entry in plan.entries}
    staying = {
        name: item.pk
        for name, item in DisputedItem.objects.by_name(names).items()
        if item.pk not in plan.item_keys
    }
    for entry in plan.entries:
        if entry.name in staying:
            entry.item_key = staying[entry.name]
            entry.note = without_quotations(plan.quotations, entry.name, entry.note)
            entry.save(update_fields=["item_key", "note"])
        else:
            entry.delete()
    for entry in plan.quoting:
        entry.note = without_quotations(plan.quotations, entry.name, entry.note)
        entry.save(update_fields=["note"])


def _remove_from_sessions(plan: RemovalPlan) -> None:
    """Visitors' folders are in their sessions."""
    for session in Session.objects.iterator():
        data = session.get_decoded()
        if forget_items(data, set(plan.item_names), partial(without_quotations, plan.quotations)):
            session.session_data = SessionStore().encode(data)
            session.save(update_fields=["session_data"])


def _rename_archives(archives: Sequence[ImportFile]) -> None:
    """Archives lose their bytes and their names, and the other letters in them the archive's name."""
    for archive in archives:
        name = archive.name
        members = ImportFile.objects.filter(batch=archive.batch_id, name__startswith=f"{name}/")
        for member in members:
            member.name = NAME_OF_ARCHIVE + member.name.removeprefix(name)
            member.save(update_fields=["name"])
        for letter in Determination.objects.filter(import_files__in=members).distinct():
            letter.source_name = letter.source_name.replace(name, NAME_OF_ARCHIVE)[-400:]
            letter.save(update_fields=["source_name"])
        _rename_source(archive)
        if archive.result in (FileResult.WAITING, FileResult.CANCELLED):
            refuse_again(archive, is_archive=True)
        archive.name, archive.path = NAME_OF_ARCHIVE, b""
        archive.content_hash, archive.size = "", 0
        archive.save()


def _rename_files(files: Sequence[ImportFile]) -> None:
    for file in files:
        _rename_source(file)
        was_waiting_in_inbox = file.result == FileResult.WAITING
        refuse_again(file)
        if not was_waiting_in_inbox:
            file.path = b""
        file.save()


def _rename_source(file: ImportFile) -> None:
    """An import is called after its only file."""
    name = file.name.rpartition("/")[2]
    batch = file.batch
    if not batch.source.startswith("inbox ") and name and name in batch.source:
        batch.source = batch.source.replace(name, NAME_OF_LETTER)[:400]
        batch.save(update_fields=["source"])


def _remove_from_log(plan: RemovalPlan, by: User | None) -> None:
    """The admin's log has values of corrected fields. What stays is that somebody removed a letter."""
    letters = get_content_type_for_model(Determination)
    pairs = (
        (letters, [letter.pk for letter in plan.letters]),
        (get_content_type_for_model(DisputedItem), plan.item_keys),
    )
    for content_type, keys in pairs:
        LogEntry.objects.filter(content_type=content_type, object_id__in=map(str, keys)).delete()
    if by:
        LogEntry.objects.create(
            user=by,
            content_type=letters,
            object_repr=NAME_OF_LETTER,
            action_flag=DELETION,
            change_message="Removed for good.",
        )
