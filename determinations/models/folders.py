"""Research folders of people with accounts: items, who else may open a folder, and who did what in it."""

from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, When

from determinations.models.choices import one_of

FIRST_FOLDER = "Research folder"
"""The name of a person's first folder, which is made when something is put into it."""


class FolderQuerySet(models.QuerySet["Folder"]):
    def owned_by(self, user: AbstractBaseUser) -> Self:
        return self.filter(owner_id=user.pk)

    def readable_by(self, user: AbstractBaseUser) -> Self:
        """The person's own folders, and those shared with the person or with one of the person's groups."""
        return self.filter(Q(owner_id=user.pk) | Exists(_shares_with(user)))

    def writable_by(self, user: AbstractBaseUser) -> Self:
        return self.filter(Q(owner_id=user.pk) | Exists(_shares_with(user).filter(may_write=True)))

    def with_counts(self) -> Self:
        """Each with `number`, the number of its items."""
        return self.annotate(number=models.Count("items"))

    def own_first(self, user: AbstractBaseUser) -> Self:
        """The person's own folders, the oldest first, then those of others by name."""
        is_own = ExpressionWrapper(Q(owner_id=user.pk), output_field=models.BooleanField())
        return self.alias(is_own=is_own).order_by(
            F("is_own").desc(), Case(When(is_own=True, then=F("created_at"))), "name", "pk"
        )


class Folder(models.Model):
    """A person's folder. The oldest one is the person's first folder, and has no other mark."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="folders")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FolderQuerySet.as_manager()

    class Meta:
        ordering = ("owner", "created_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "name"),
                name="one_folder_per_name",
                violation_error_message="You already have a folder with this name.",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="folders_have_names"),
        )

    def __str__(self) -> str:
        return self.name


class FolderItem(models.Model):
    """A disputed item in a folder, with a note and passages quoted from its letter.

    No foreign key to the item: the note outlives a letter that is deleted, and finds it again by its
    `name` ("CM14-0031877.2") when it is imported anew. `citation` is the one when it was added. `passages` is
    a list of strings in the letter's own words.
    """

    folder = models.ForeignKey(Folder, on_delete=models.CASCADE, related_name="items")
    item_key = models.BigIntegerField()
    name = models.CharField(max_length=100)
    citation = models.TextField()
    note = models.TextField(blank=True)
    passages = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("folder", "position", "pk")
        constraints = (models.UniqueConstraint(fields=("folder", "name"), name="one_folder_item_per_name"),)

    def __str__(self) -> str:
        return self.citation


class FolderShare(models.Model):
    """Another person, or a group of people, who may open a folder; `may_write` to change it, too."""

    folder = models.ForeignKey(Folder, on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="folder_shares",
    )
    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, null=True, blank=True, related_name="folder_shares"
    )
    may_write = models.BooleanField("may change it", default=False)
    shared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("folder", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False, group__isnull=True)
                | Q(user__isnull=True, group__isnull=False),
                name="shared_with_a_person_or_a_group",
            ),
            models.UniqueConstraint(fields=("folder", "user"), name="one_share_per_person"),
            models.UniqueConstraint(fields=("folder", "group"), name="one_share_per_group"),
        )

    def __str__(self) -> str:
        """Whom it is shared with: "ben", "the group Appeals"."""
        return f"the group {self.group}" if self.group else str(self.user)


def _shares_with(user: AbstractBaseUser) -> "models.QuerySet[FolderShare]":
    """The shares of the outer folder that name the person or one of the person's groups."""
    named = Q(user_id=user.pk) | Q(group__user=user.pk)
    return FolderShare.objects.filter(named, folder=OuterRef("pk"))


class FolderAction(models.TextChoices):
    """What was done, in the words of the activity list: "ana *added* CM14-0031877, item 2"."""

    ADDED = "added", "added"
    REMOVED = "removed", "removed"
    NOTED = "noted", "changed the note on"
    QUOTED = "quoted", "added a passage of"
    UNQUOTED = "unquoted", "removed a passage of"
    MOVED = "moved", "moved"
    SHARED = "shared", "shared the folder with"
    UNSHARED = "unshared", "stopped sharing the folder with"
    RENAMED = "renamed", "renamed the folder to"
    LEFT = "left", "left the folder"


class FolderEvent(models.Model):
    """Who did what in a folder. `by` is the user name at the time: it outlives the account."""

    folder = models.ForeignKey(Folder, on_delete=models.CASCADE, related_name="events")
    by = models.CharField(max_length=150)
    action = models.CharField(max_length=20, choices=FolderAction)
    about = models.CharField(max_length=200)
    happened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("folder", "-pk")
        constraints = (one_of("action", FolderAction),)

    def __str__(self) -> str:
        return f"{self.by} {self.get_action_display()} {self.about}"
