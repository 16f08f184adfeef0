"""Where a search's figures stand: the parameters of the search page under other paths."""

from dataclasses import replace

from django.urls import reverse

from determinations.search_page.address import SearchAddress


def statistics_url(address: SearchAddress) -> str:
    """The search as statistics."""
    return _with_search(reverse("determinations:statistics"), address)


def statistics_table_url(table: str, address: SearchAddress) -> str:
    """One whole table of the search's statistics."""
    return _with_search(reverse("determinations:statistics_table", args=[table]), address)


def statistics_csv_url(table: str, address: SearchAddress) -> str:
    return _with_search(reverse("determinations:statistics_csv", args=[table]), address)


def words_url(address: SearchAddress) -> str:
    """What tells overturned from upheld in the search's rationales."""
    return _with_search(reverse("determinations:words"), address)


def all_words_url(address: SearchAddress) -> str:
    """The same without an end to its lists."""
    return _with_search(reverse("determinations:all_words"), address)


def words_csv_url(address: SearchAddress) -> str:
    return _with_search(reverse("determinations:words_csv"), address)


def browse_url(facet: str, value: str) -> str:
    """The page of one service, guideline, level or specialty."""
    return reverse("determinations:browse_value", args=[facet, value])


def browse_list_url(facet: str) -> str:
    return reverse("determinations:browse_list", args=[facet])


def _with_search(path: str, address: SearchAddress) -> str:
    """Order and page of a result list say nothing about figures, so they are left out."""
    query = replace(address, sort=None, page=1).query_string
    return f"{path}?{query}" if query else path
