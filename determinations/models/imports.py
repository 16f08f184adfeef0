"""The record of imports: every file that ever came, and what became of it. It is the queue as well.

Of a letter that was removed for good, its hashes are remembered, and no word of it: no import brings it back.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone

from determinations.models.choices import BatchState, FileResult, one_of
from determinations.models.determination import Determination


class ImportBatch(models.Model):
    """One import by one person: a folder, a list of files, an upload.

    `error` says what holds the batch up at present (a full disk), or what ended its run. `pending_uploads`
    is how many files the sending browser has announced that have not arrived; a batch without waiting files
    is done nevertheless. `skipped_count` is how many other files the folders and archives have. `machine` is
    the one whose files the rows' paths name, where several machines share the database, and else empty.
    """

    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    started_by_name = models.CharField("started by", max_length=200, blank=True, editable=False)
    source = models.CharField("from", max_length=400)
    machine = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    state = models.CharField(max_length=20, choices=BatchState, default=BatchState.RUNNING, db_index=True)
    error = models.TextField(blank=True)
    skipped_count = models.PositiveIntegerField("files skipped", default=0)
    pending_uploads = models.PositiveIntegerField("uploads still expected", default=0, editable=False)
    started_at = models.DateTimeField(auto_now_add=True)
    resumed_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "import batches"
        constraints = (one_of("state", BatchState),)

    def __str__(self) -> str:
        return f"import {self.pk} from {self.source}"


class ImportFile(models.Model):
    """One file of a batch and what became of it. Its bytes are kept under `content_hash`, failed or not.

    `path` is where a file of this machine was found, as the system names it (a name need not be Unicode);
    it is empty for uploads. A file out of an archive names the archive's row and its position in it;
    `member_count` is how many files an archive has, once it was opened.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="files")
    archive = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="members", editable=False
    )
    position = models.PositiveIntegerField("position in the archive", null=True, blank=True, editable=False)
    member_count = models.PositiveIntegerField("files in the archive", default=0, editable=False)
    name = models.CharField(max_length=1000)
    path = models.BinaryField(default=b"")
    content_hash = models.CharField(max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    result = models.CharField(max_length=20, choices=FileResult, default=FileResult.WAITING)
    code = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    parser_version = models.PositiveIntegerField(null=True, blank=True, editable=False)
    determination = models.ForeignKey(
        Determination, on_delete=models.SET_NULL, null=True, blank=True, related_name="import_files"
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("batch", "pk")
        indexes = (
            models.Index(fields=("batch", "result", "id"), name="import_file_queue"),
            models.Index(fields=("batch", "finished_at"), name="import_file_rate"),
        )
        constraints = (
            one_of("result", FileResult),
            models.UniqueConstraint(fields=("archive", "position"), name="one_row_per_archive_entry"),
        )

    def __str__(self) -> str:
        return self.name


class RemovedLetter(models.Model):
    """A file that was removed, or an archive that contained one.

    `text_hash` is the one of its text; it is empty for an archive. `erased_at` is when index, files and the
    database's free pages held nothing of it any more; until then the import worker tries.
    """

    content_hash = models.CharField(max_length=64, unique=True)
    text_hash = models.CharField(max_length=64, blank=True, db_index=True)
    removed_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"removed letter {self.content_hash[:16]}"
