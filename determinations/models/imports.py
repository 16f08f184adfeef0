"""The record of imports: every file that ever came, and what became of it. It is the queue as well."""

from django.conf import settings
from django.db import models

from .choices import BatchState, FileResult, one_of
from .determination import Determination


class ImportBatch(models.Model):
    """One import by one person: a folder, a list of files, an upload."""

    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    source = models.CharField("from", max_length=400)
    paths = models.JSONField(default=list, blank=True, editable=False)
    state = models.CharField(max_length=20, choices=BatchState, default=BatchState.RUNNING)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "import batches"
        constraints = (one_of("state", BatchState),)

    def __str__(self) -> str:
        return f"import {self.pk} from {self.source}"


class ImportFile(models.Model):
    """One file of a batch and what became of it. Its bytes are kept under `content_hash`, failed or not."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=1000)
    content_hash = models.CharField(max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    result = models.CharField(max_length=20, choices=FileResult, default=FileResult.WAITING)
    code = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    determination = models.ForeignKey(
        Determination, on_delete=models.SET_NULL, null=True, blank=True, related_name="import_files"
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("batch", "pk")
        indexes = (models.Index(fields=("batch", "result", "id"), name="import_file_queue"),)
        constraints = (one_of("result", FileResult),)

    def __str__(self) -> str:
        return self.name
