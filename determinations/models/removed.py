"""What remembers a letter that was removed for good: its hashes, and no word of it."""

from django.db import models


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
