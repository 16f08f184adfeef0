"""Every page of the site, as a browser is to see it: the list that the tests of every page walk.

`test_every_address_is_known.py` holds that no address of the site is missing here.
"""

from dataclasses import dataclass

from tests.browser.site_facts import LETTER, OTHER_LETTER

COMPARED = f"item={LETTER}.1&item={LETTER}.2&item={OTHER_LETTER}.1"


@dataclass(frozen=True, slots=True)
class Place:
    """`address` is the name of its URL pattern; `path` may hold {names} of SiteFacts; `who` is signed in."""

    name: str
    address: str
    path: str
    who: str = ""
    status: int = 200


PLACES = (
    Place("first visit", "search", "/"),
    Place("all items", "all_items", "/search/"),
    Place("results", "search", "/?q=pain&year=2014"),
    Place("results by letter", "search", "/?q=injection&group=letter&sort=newest"),
    Place("results without a match", "search", "/?q=pain&decision=overturned&year=2014&service=opioids"),
    Place("filters offered", "search", "/?q=pain+denied+since+2014+because+no+improvement"),
    Place("question with a fault", "search", "/?q=%22back+pain+AND"),
    Place("unusable filters", "search", "/?q=epidural&decision=x&level=lumber&page=x&sort=x&colour=red"),
    Place("results, signed in", "search", "/?q=opioids", "attorney"),
    Place("letter", "determination", f"/determinations/{LETTER}/?q=pain"),
    Place(
        "letter as a result", "determination", f"/determinations/{LETTER}/?q=pain&decision=upheld&result=1"
    ),
    Place("nothing within a letter", "determination", f"/determinations/{LETTER}/?q=pain&within=zebra"),
    Place("words in the letter's text", "letter_text", f"/determinations/{LETTER}/text/?within=pain"),
    Place("letter, older version", "determination", "/determinations/{older_version}/"),
    Place("original letter", "original", f"/determinations/{LETTER}/original/"),
    Place("place of a fact", "letter_text", f"/determinations/{LETTER}/text/?fact=items[0].request"),
    Place("similar", "similar", f"/determinations/{LETTER}/items/1/similar/"),
    Place("similar, opposite", "similar", f"/determinations/{LETTER}/items/1/similar/?opposite=1"),
    Place("compare", "compare", f"/compare/?{COMPARED}"),
    Place("compare two", "compare", f"/compare/?item={LETTER}.1&item={OTHER_LETTER}.1"),
    Place("compare nothing", "compare", "/compare/"),
    Place("browse", "browse", "/browse/"),
    Place("browse services", "browse_list", "/browse/service/"),
    Place("browse a guideline", "browse_value", "/browse/guideline/mtus-chronic-pain/"),
    Place("statistics", "statistics", "/statistics/"),
    Place("statistics of nothing", "statistics", "/statistics/?q=zebra"),
    Place("statistics table", "statistics_table", "/statistics/service/"),
    Place(
        "services compared",
        "compare_years",
        "/statistics/compare/service/?q=pain&value=pharmaceuticals&value=injections&value=diagnostic-testing",
    ),
    Place("levels compared, badly", "compare_years", "/statistics/compare/level/?value=L4-L5&value=zz"),
    Place("letters by year", "letters", "/statistics/letters/"),
    Place("reasons", "reasons", "/statistics/reasons/"),
    Place("words", "words", "/statistics/words/"),
    Place("all words", "all_words", "/statistics/words/all/"),
    Place("folder, empty", "folder", "/folder/"),
    Place("folder", "folder", "/folder/", "attorney"),
    Place("folders", "folders", "/folders/", "attorney"),
    Place("folder that is shared", "folder", "/folders/{shared_folder}/", "attorney"),
    Place("folder shared to read", "folder", "/folders/{shared_folder}/", "colleague"),
    Place("sharing of a folder", "folder_settings", "/folders/{shared_folder}/settings/", "attorney"),
    Place("deleting a folder", "folder_delete", "/folders/{shared_folder}/delete/", "attorney"),
    Place("copying an item", "folder_copy", "/folders/{shared_folder}/items/{shared_item}/copy/", "attorney"),
    Place("quotations", "brief", "/folders/{shared_folder}/brief/?notes=1", "attorney"),
    Place("search history", "history", "/history/", "attorney"),
    Place("brief", "brief", f"/folder/brief/?item={LETTER}.1&item={OTHER_LETTER}.1"),
    Place("brief of nothing", "brief", "/folder/brief/"),
    Place("saved searches", "saved_searches", "/saved/", "attorney"),
    Place("news", "saved_search", "/saved/{saved_search}/", "attorney"),
    Place("stop alerts", "stop_alerts", "{stop_alerts}"),
    Place("sign in", "sign_in", "/account/sign-in/"),
    Place("account", "account", "/account/", "attorney"),
    Place("change the password", "password", "/account/password/", "attorney"),
    Place("second factor", "second_factor", "/account/second-factor/", "attorney"),
    Place("mail for a password is sent", "password_reset_sent", "/account/password/reset/sent/"),
    Place("new password", "password_reset_confirm", "/account/password/reset/x/x/"),
    Place("help", "help", "/help/"),
    Place("about", "about", "/about/"),
    Place("filters of a phone", "search", "/?q=pain&decision=upheld&service=pharmaceuticals#narrow"),
    Place("for machines", "api", "/api/"),
    Place("no such page", "", "/nowhere/", status=404),
)

ADMIN_PLACES = (
    Place("admin", "admin:index", "/admin/", "clerk"),
    Place("admin: sign in", "admin:login", "/admin/login/"),
    Place("admin: imports", "importbatch_changelist", "/admin/determinations/importbatch/", "clerk"),
    Place("admin: import letters", "importbatch_add", "/admin/determinations/importbatch/add/", "clerk"),
    Place(
        "admin: add letters",
        "importbatch_add_letters",
        "/admin/determinations/importbatch/{batch_with_failures}/add-letters/",
        "clerk",
    ),
    Place(
        "admin: import",
        "importbatch_change",
        "/admin/determinations/importbatch/{batch_with_failures}/change/",
        "clerk",
    ),
    Place("admin: files", "importfile_changelist", "/admin/determinations/importfile/", "clerk"),
    Place("admin: letters", "determination_changelist", "/admin/determinations/determination/", "clerk"),
    Place(
        "admin: letter",
        "determination_change",
        "/admin/determinations/determination/{letter_key}/change/",
        "clerk",
    ),
    Place(
        "admin: letter's history",
        "determination_history",
        "/admin/determinations/determination/{letter_key}/history/",
        "clerk",
    ),
)

NOT_PAGES = {
    "search_csv": "a file",
    "carry_selection": "leads on to a page of results",
    "facet_values": "a part of a page of results",
    "statistics_csv": "a file",
    "year_svg": "a file",
    "letters_svg": "a file",
    "letters_csv": "a file",
    "compare_svg": "a file",
    "compare_csv": "a file",
    "reasons_csv": "a file",
    "words_csv": "a file",
    "brief_word": "a file",
    "folder_csv": "a file",
    "folder_ris": "a file",
    "folder_csl": "a file",
    "download": "a file",
    "closest": "a part of the letter's page, which fetches it",
    "feed": "an Atom feed",
    "api_search": "JSON",
    "browser_suggestions": "JSON",
    "api_determination": "JSON",
    "api_nothing": "JSON",
    "openapi": "JSON",
    "opensearch": "XML, for the browser's search box",
    "robots": "text, for crawlers",
    "sitemap": "XML, for crawlers",
    "sitemap_section": "XML, for crawlers",
    "suggest": "JSON, for the box's script",
    "health": "for whoever watches the server",
    "health_live": "for whoever watches the server",
    "health_ready": "for whoever watches the server",
    "metrics": "for whoever watches the server",
    "folder_notes": "only takes a form",
    "folder_new": "only takes a form",
    "folder_use": "only takes a form",
    "folder_rename": "only takes a form",
    "folder_share": "only takes a form",
    "folder_unshare": "only takes a form",
    "folder_leave": "only takes a form",
    "folder_quote": "only takes a form",
    "folder_unquote": "only takes a form",
    "passage_up": "only takes a form",
    "passage_down": "only takes a form",
    "clear_history": "only takes a form",
    "set_history": "only takes a form",
    "folder_clear": "only takes a form",
    "folder_add": "only takes a form",
    "folder_remove": "only takes a form",
    "folder_up": "only takes a form",
    "folder_down": "only takes a form",
    "folder_put_back": "only takes a form",
    "folder_save_unsaved": "only takes a form",
    "folder_discard_unsaved": "only takes a form",
    "save_search": "only takes a form",
    "mark_search_seen": "only takes a form",
    "set_alerts": "only takes a form",
    "change_search": "only takes a form",
    "renew_feed": "only takes a form",
    "delete_search": "its page is walked in test_journey.py",
    "sign_out": "only takes a form",
    "sign_out_everywhere": "only takes a form",
    "second_factor_remove": "only takes a form",
    "second_factor_codes": "only takes a form",
    "password_reset": "needs a mail server",
}
