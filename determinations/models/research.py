"""What a signed-in person keeps: the research folder and saved searches."""

from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.utils import timezone


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


class SavedSearch(models.Model):
    """A search that a person follows. `query` is its canonical query string.

    `seen` and `mailed` are the keys of items that were looked at on the site or named in an email, as roaring
    bitmaps. News is what is found and in neither. That holds in whatever order letters are stored and
    indexed, and after the index was away, which a date or a highest key would not. A bitmap takes about two
    bytes an item, and far less where keys lie together.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(max_length=200)
    query = models.TextField(blank=True)
    feed_token = models.CharField(max_length=64, unique=True, default=token_urlsafe, editable=False)
    by_mail = models.BooleanField("alerts by e-mail", default=False)
    seen = models.BinaryField(default=b"")
    mailed = models.BinaryField(default=b"")
    last_error_mailed = models.TextField(blank=True, editable=False)
    saved_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("user", "name", "pk")
        verbose_name_plural = "saved searches"

    def __str__(self) -> str:
        return self.name
