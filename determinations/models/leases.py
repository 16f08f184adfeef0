"""Who does what at present, where several machines share a database."""

from django.db import models


class Lease(models.Model):
    """Exclusive work that a process does until `expires_at`, by the database's clock, unless it renews.

    `owner` is a random text for each time that the lease was taken, empty where nobody has it. `moved_at` is
    when the process last got on with its work.
    """

    name = models.CharField(max_length=600, unique=True)
    owner = models.CharField(max_length=64, blank=True)
    machine = models.CharField(max_length=200, blank=True)
    pid = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
