"""What a signed-in person keeps besides folders: saved searches, and the searches run before."""

from secrets import token_urlsafe
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone

from determinations.models.choices import one_of


class AlertTiming(models.TextChoices):
    OFF = "off", "No emails"
    AT_ONCE = "at_once", "At once"
    DAILY = "daily", "Daily"
    WEEKLY = "weekly", "Weekly"


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def followed(self) -> Self:
        """Those whose news comes by email, of people with an active account."""
        return self.exclude(alerts=AlertTiming.OFF).filter(user__is_active=True)


class SavedSearch(models.Model):
    """A search that a person follows. `query` is its canonical query string; `reason` says why.

    `seen` and `mailed` are the keys of items that were looked at on the site, and that emails listed, as
    roaring bitmaps. News is what is found and in neither. That holds in whatever order letters are stored and
    indexed, and after the index was away, which a date or a highest key would not. A bitmap takes about two
    bytes an item, and far less where keys lie together. `alerted_at` is when alerts last looked: a daily or
    weekly one is due once for each day or week.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(max_length=200)
    reason = models.TextField("why I follow it", blank=True, max_length=2_000)
    query = models.TextField(blank=True)
    feed_token = models.CharField(max_length=64, unique=True, default=token_urlsafe, editable=False)
    alerts = models.CharField("emails", max_length=10, choices=AlertTiming, default=AlertTiming.OFF)
    alerted_at = models.DateTimeField(default=timezone.now, editable=False)
    seen = models.BinaryField(default=b"")
    mailed = models.BinaryField(default=b"")
    last_error_mailed = models.TextField(blank=True, editable=False)
    saved_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(default=timezone.now)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ("user", "name", "pk")
        verbose_name_plural = "saved searches"
        constraints = (one_of("alerts", AlertTiming),)

    def __str__(self) -> str:
        return self.name


class PastSearchQuerySet(models.QuerySet["PastSearch"]):
    def of(self, user: AbstractBaseUser) -> Self:
        """The person's own, the latest first."""
        return self.filter(user_id=user.pk).order_by("-searched_at", "-pk")


class PastSearch(models.Model):
    """A search that a person ran, once for each query. `total` is what it found the last time.

    `query` is indexed, and a database's index takes no more than some 2,700 bytes: longer ones are not kept.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="past_searches")
    query = models.CharField(max_length=2_000)
    total = models.PositiveIntegerField()
    searched_at = models.DateTimeField(default=timezone.now)

    objects = PastSearchQuerySet.as_manager()

    class Meta:
        ordering = ("user", "-searched_at", "-pk")
        verbose_name_plural = "past searches"
        constraints = (models.UniqueConstraint(fields=("user", "query"), name="one_past_search_per_query"),)

    def __str__(self) -> str:
        return self.query


class ResearchSettings(models.Model):
    """What a person chose about research; a person without a row has the defaults."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="research_settings"
    )
    keeps_history = models.BooleanField("keep my search history", default=True)

    class Meta:
        verbose_name_plural = "research settings"

    def __str__(self) -> str:
        return str(self.user)
