"""What happened to a letter without a person's hand; corrections by hand are in the admin's own log."""

from django.db import models

from determinations.models.determination import Determination


class LetterRereading(models.Model):
    """A stored letter that a newer reader read otherwise; `changes` names what ("item 2: services")."""

    determination = models.ForeignKey(Determination, on_delete=models.CASCADE, related_name="rereadings")
    reader_version = models.PositiveIntegerField()
    changes = models.JSONField(default=list)
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("determination", "-pk")

    def __str__(self) -> str:
        return f"{self.determination}, read again by version {self.reader_version}"
