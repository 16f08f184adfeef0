"""No page can be forgotten: the browser walks each address of the site, or it is named with the reason."""

from django.contrib import admin
from django.urls import URLPattern

from determinations.models import Determination, ImportBatch, ImportFile
from determinations.urls import urlpatterns
from tests.browser.places import ADMIN_PLACES, NOT_PAGES, PLACES

ADMIN_NOT_PAGES = {
    "importbatch_start": "JSON, for the page that sends letters",
    "importbatch_announce": "JSON, for the page that sends letters",
    "importbatch_upload": "JSON, for the page that sends letters",
    "importbatch_status": "JSON, for the batch's own page",
    "importbatch_pause": "only takes a form",
    "importbatch_cancel": "only takes a form",
    "importbatch_continue": "only takes a form",
    "importbatch_retry": "only takes a form",
    "importbatch_retry_newer": "only takes a form",
    "importbatch_expect_no_more": "only takes a form",
    "importbatch_results": "a file",
    "importfile_original": "a file",
}
STOCK = {"add", "delete", "history", "change"}
"""Pages of Django's admin that are Django's own, where this site has not made another of them."""


def test_every_address_of_the_site_is_walked_or_named() -> None:
    walked = {place.address for place in PLACES} - {""}
    named = {pattern.name for pattern in urlpatterns}
    assert walked | set(NOT_PAGES) == named
    assert not walked & set(NOT_PAGES)


def test_every_address_that_the_site_adds_to_the_admin_is_walked_or_named() -> None:
    added = set()
    for model in (Determination, ImportBatch, ImportFile):
        for pattern in admin.site.get_model_admin(model).get_urls():
            if isinstance(pattern, URLPattern) and pattern.name:
                added.add(pattern.name.removeprefix("determinations_"))
    walked = {place.address for place in ADMIN_PLACES} | set(ADMIN_NOT_PAGES)
    assert {name for name in added - walked if name.partition("_")[2] not in STOCK} == set()
    assert set(ADMIN_NOT_PAGES) <= added
