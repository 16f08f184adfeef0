"""The queue of the import worker: a batch, and a row for each file.

Nothing is parsed here. An uploaded file's bytes are on disk before its row exists. A file on this machine is
identified by its path, and the worker keeps its bytes first. If an import stops for any reason, its waiting
rows can be processed later.
"""

import getpass
import os
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from determinations.importing import originals
from determinations.importing.letter_files import FoundFiles
from determinations.importing.removed_letters import refuse_again, removed_among
from determinations.leases import machines_share_database
from determinations.letters.text.archive_members import MEBIBYTE
from determinations.letters.text.extraction import MAX_LETTER_BYTES
from determinations.letters.text.file_kinds import ARCHIVES, kind_of
from determinations.letters.text.file_labels import label_of, visible
from determinations.models import BatchState, FileResult, ImportBatch, ImportFile
from determinations.models.row_writes import insert_values

MAX_UPLOAD_BYTES = 16 * 1024 * MEBIBYTE
ROWS_AT_A_TIME = 2000


class QuotaReachedError(Exception):
    """The person who started the batch has sent as many bytes in a day as one may."""


class BatchCanceledError(Exception):
    """Files cannot be added to a canceled batch: continue it first, or start another."""


def start_batch(source: str, by: User | None = None) -> ImportBatch:
    """A batch that waits for files. Without a user, the name is that of the login on this machine."""
    name = by.get_username() if by else f"{_login_name()} on the command line"
    return ImportBatch.objects.create(source=visible(source)[:400], started_by=by, started_by_name=name[:200])


@transaction.atomic
def queue_found_files(source: str, found: FoundFiles, by: User | None = None) -> ImportBatch:
    """A batch of files of this machine: all of them or, where that fails, none."""
    batch = start_batch(source, by)
    batch.skipped_count = found.skipped
    batch.machine = settings.MACHINE[:200] if machines_share_database() else ""
    batch.save(update_fields=["skipped_count", "machine"])
    for start in range(0, len(found.files), ROWS_AT_A_TIME):
        files = found.files[start : start + ROWS_AT_A_TIME]
        insert_values(
            ImportFile,
            [
                {"batch_id": batch.pk, "name": visible(str(path))[-1000:], "path": os.fsencode(path)}
                for path in files
            ],
        )
    return batch


def receive_upload(
    batch: ImportBatch, name: str, pieces: Iterable[bytes], *, sent_before: bool = False
) -> ImportFile:
    """Keep an upload's bytes, then queue it; it is on disk when this returns. A batch that was done goes on.

    `name` is a label only. A file that is too large is recorded as failed. With `sent_before`, the sender
    does not know whether an earlier try arrived: where it did, its row is given. Raises
    BatchCanceledError, QuotaReachedError, and OSError where the disk is full.
    """
    _require_room(batch)
    row = ImportFile(batch=batch, name=label_of(name))
    try:
        kept = originals.keep_arriving(_within_limits(pieces), MAX_UPLOAD_BYTES)
    except originals.TooLargeError:
        row.result, row.code, row.finished_at = FileResult.FAILED, "too_large", timezone.now()
        row.reason = (
            f"A letter has at most {MAX_LETTER_BYTES:,} bytes and an archive {MAX_UPLOAD_BYTES:,}. This file "
            "is larger and was not kept. Split it. The command line also imports larger archives."
        )
    else:
        row.content_hash, row.size = kept.content_hash, kept.size
        if removed_among([kept.content_hash]):
            originals.forget(kept.content_hash)
            refuse_again(row)
    with transaction.atomic():
        now = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if now.state == BatchState.CANCELLED:
            raise BatchCanceledError(f"Import {batch.pk} was canceled. Continue it or start another.")
        if sent_before and (arrived := _arrived(now, row)):
            return arrived
        row.save()
        _go_on(now)
    return row


def _require_room(batch: ImportBatch) -> None:
    """What archives hold counts as well: it is kept beside them."""
    if not settings.UPLOAD_BYTES_PER_DAY or batch.started_by_id is None:
        return
    since = timezone.now() - timedelta(days=1)
    files = ImportFile.objects.filter(batch__started_by_id=batch.started_by_id, batch__started_at__gt=since)
    sent = files.aggregate(size=Sum("size"))["size"] or 0
    if sent >= settings.UPLOAD_BYTES_PER_DAY:
        raise QuotaReachedError(
            f"{batch.started_by_name} has imported {sent / 1_000_000_000:,.1f} GB in the last 24 hours. One "
            "person may not import more. Go on tomorrow, or ask the administrator, who can raise "
            "IMR_UPLOAD_GB_PER_DAY or import on the command line."
        )


def _arrived(batch: ImportBatch, row: ImportFile) -> ImportFile | None:
    return batch.files.filter(archive=None, name=row.name, content_hash=row.content_hash).last()


def _go_on(batch: ImportBatch) -> None:
    if batch.state == BatchState.DONE:
        batch.state, batch.finished_at = BatchState.RUNNING, None
        if not batch.pending_uploads:  # else the time between two uploads belongs to the import
            batch.resumed_at = timezone.now()
    batch.pending_uploads = max(batch.pending_uploads - 1, 0)
    batch.save(update_fields=["state", "finished_at", "resumed_at", "pending_uploads"])


def _within_limits(pieces: Iterable[bytes]) -> Iterable[bytes]:
    size, may_be_large = 0, False
    for piece in pieces:
        may_be_large = may_be_large if size else kind_of(piece) in ARCHIVES
        size += len(piece)
        if size > MAX_LETTER_BYTES and not may_be_large:
            raise originals.TooLargeError
        yield piece


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user need have no name
        return f"user {os.getuid()}"
