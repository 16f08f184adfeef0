"""What a signed-in person keeps: the research folder."""

from django.conf import settings
from django.db import models


class FolderItem(models.Model):
    """A disputed item in a person's folder, with a private note.

    No foreign key to the item: the note outlives a letter that is deleted, and finds it again by its
    `name` ("CM14-0031877.2") when it is imported anew. `citation` is the one when it was added.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="folder_items")
    item_key = models.BigIntegerField()
    name = models.CharField(max_length=100)
    citation = models.TextField()
    note = models.TextField(blank=True)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("user", "position", "pk")
        constraints = (models.UniqueConstraint(fields=("user", "name"), name="one_folder_item_per_name"),)

    def __str__(self) -> str:
        return self.citation
