"""System checks: data files that people may edit are valid, and settings are fit for the internet."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from determinations.letters.facts.grounds.vocabulary import GroundsVocabularyError
from determinations.letters.vocabulary.checks import check_grounds, check_vocabulary
from determinations.letters.vocabulary.names import VocabularyError
from determinations.search.query.synonyms import SynonymsError, synonyms
from determinations.search_page.named_filters import FilterPhrasesError, filter_phrases

VOCABULARY = "vocabulary"
"""The tag of the check that takes a second: for `import_letters` and `reparse`, which make no other."""


@register(VOCABULARY)
def vocabulary_is_sound(**_: Any) -> list[CheckMessage]:
    try:
        check_vocabulary()
        check_grounds()
    except (VocabularyError, GroundsVocabularyError) as error:
        hint = "Correct the entry that it names, in letters/vocabulary/ or letters/facts/grounds/."
        return [Error(str(error), hint=hint, id="determinations.E001")]
    return []


@register()
def words_of_searches_are_sound(**_: Any) -> list[CheckMessage]:
    try:
        synonyms()
        filter_phrases()
    except (SynonymsError, FilterPhrasesError) as error:
        hint = (
            "Correct the entry that it names, in search/query/synonyms.toml or "
            "search_page/filter_phrases.toml."
        )
        return [Error(str(error), hint=hint, id="determinations.E002")]
    return []


@register(Tags.security, deploy=True)
def fit_for_the_internet(**_: Any) -> list[CheckMessage]:
    """What `check --deploy` misses in Django's own checks: settings of this site, for its administrator."""
    missing = [
        (
            settings.SIGN_IN_ONLY and not settings.SESSION_COOKIE_SECURE,
            "The site requires signing in, but does not require HTTPS: passwords can be read on the way.",
            "Set IMR_HTTPS=1 and put a proxy with a certificate in front.",
        ),
        (
            settings.SESSION_COOKIE_SECURE and not settings.PROXIES,
            "Behind a proxy, all visitors share one address, and so the limits for sign-ins and requests.",
            "Set IMR_PROXIES to the number of your proxies.",
        ),
        (
            set(settings.ALLOWED_HOSTS) <= set(settings.THIS_MACHINE),
            "The site answers on this machine's own names only.",
            "Set IMR_ALLOWED_HOSTS to its host name.",
        ),
        (
            not settings.SITE_URL.startswith("https://"),
            "Links in emails lead nowhere without the site's address.",
            "Set IMR_SITE_URL, such as https://imr.example.org.",
        ),
        (
            not settings.SENDS_EMAIL,
            "The site sends no email: no alerts, and no links for people who forgot their password.",
            "Set IMR_EMAIL_HOST.",
        ),
        (
            not settings.STAFF_SECOND_FACTOR,
            "A stolen password is enough to enter the admin.",
            "Set IMR_STAFF_SECOND_FACTOR=1.",
        ),
        (
            _is_open_to_others(Path(settings.DATA_DIR)),
            f"Other accounts of this machine can open {settings.DATA_DIR}.",
            f"chmod -R go= {settings.DATA_DIR}",
        ),
    ]
    return [
        Warning(message, hint=hint, id=f"determinations.W{number:03}")
        for number, (is_missing, message, hint) in enumerate(missing, 1)
        if is_missing
    ]


def _is_open_to_others(folder: Path) -> bool:
    return folder.is_dir() and bool(folder.stat().st_mode & 0o077)
