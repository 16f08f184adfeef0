"""Which addresses of the site are kept for visitors without a session, and why the others are not."""

LETTER = "/determinations/CM14-0031877/"
TWO = "item=CM14-0031877.2&item=CM16-0000300.1"
COMPARED = "value=opioids&value=injections"

KEPT: dict[str, tuple[str, ...]] = {
    "search": (
        "/",
        "/?q=block",
        "/?q=block&group=letter",
        f"/?q=block&{TWO}",
        "/?q=%22",
        "/?q=blokc&colour=red",
    ),
    "all_items": ("/search/", "/search/?unfolded=year"),
    "facet_values": ("/search/facet/year/?q=block",),
    "determination": (LETTER, f"{LETTER}?q=block&result=1", f"{LETTER}?within=relief&x=1"),
    "letter_text": (f"{LETTER}text/", f"{LETTER}text/?fact=items[0].request"),
    "similar": (f"{LETTER}items/1/similar/", f"{LETTER}items/1/similar/?opposite=1"),
    "closest": (f"{LETTER}items/1/closest/",),
    "compare": (f"/compare/?{TWO}", "/compare/"),
    "browse": ("/browse/",),
    "browse_list": ("/browse/service/",),
    "browse_value": ("/browse/level/L4-L5/",),
    "statistics": ("/statistics/", "/statistics/?q=block"),
    "statistics_table": ("/statistics/service/",),
    "statistics_csv": ("/statistics/service.csv",),
    "reasons": ("/statistics/reasons/",),
    "reasons_csv": ("/statistics/reasons.csv",),
    "words": ("/statistics/words/",),
    "all_words": ("/statistics/words/all/",),
    "words_csv": ("/statistics/words.csv",),
    "letters": ("/statistics/letters/",),
    "letters_svg": ("/statistics/letters.svg",),
    "letters_csv": ("/statistics/letters.csv",),
    "year_svg": ("/statistics/year.svg",),
    "compare_years": (f"/statistics/compare/service/?{COMPARED}",),
    "compare_svg": (f"/statistics/compare/service.svg?{COMPARED}",),
    "compare_csv": (f"/statistics/compare/service.csv?{COMPARED}",),
}
"""The name of an address -> what to ask for, each answered with 200."""

TOO_LITTLE = ("year_svg", "compare_svg", "letters_svg")
"""Files that the five letters of the tests are too few for: they are answered with 404."""

_OWN = "shows an account or a folder, or changes one"
_CHEAP = "costs next to nothing to make"
_STATUS = "says how the site is now"

NOT_KEPT = {
    "carry_selection": "a redirect",
    "search_csv": "is streamed, as large as all results, and its name has the day",
    "original": "shows a file of the disk, which may be damaged or come back",
    "download": "a file of the disk",
    "suggest": "differs with every letter typed, and is small",
    "browser_suggestions": "differs with every letter typed, and is small",
    "about": "tells of the last import, which the log of changes does not",
    "help": _CHEAP,
    "api": _CHEAP,
    "openapi": "answers of the API have tags of their own",
    "api_search": "answers of the API have tags of their own",
    "api_determination": "answers of the API have tags of their own",
    "api_nothing": "an error",
    "opensearch": "may be kept by browsers for a day",
    "robots": "may be kept for an hour",
    "sitemap": "may be kept for an hour",
    "sitemap_section": "may be kept for an hour",
    "health": _STATUS,
    "health_live": _STATUS,
    "health_ready": _STATUS,
    "metrics": _STATUS,
    "feed": "has a secret address, and the news of an account",
    "stop_alerts": "has a secret address, and changes an account",
} | dict.fromkeys(
    (
        *("folders", "folder_new", "folder", "folder_notes", "folder_save_unsaved", "folder_discard_unsaved"),
        *("folder_clear", "folder_put_back", "folder_add", "folder_remove", "folder_up", "folder_down"),
        *("folder_quote", "folder_unquote", "passage_up", "passage_down", "brief", "brief_word"),
        *("folder_csv", "folder_ris", "folder_csl", "folder_copy", "folder_use", "folder_settings"),
        *("folder_rename", "folder_share", "folder_unshare", "folder_leave", "folder_delete"),
        *("history", "clear_history", "set_history"),
        *("saved_searches", "save_search", "saved_search", "mark_search_seen", "set_alerts"),
        *("change_search", "renew_feed", "delete_search"),
        *("account", "password", "password_reset", "password_reset_sent", "password_reset_confirm"),
        *("second_factor", "second_factor_remove", "second_factor_codes"),
        *("sign_out_everywhere", "sign_in", "sign_out"),
    ),
    _OWN,
)
"""The name of an address -> why its answers are made each time."""
