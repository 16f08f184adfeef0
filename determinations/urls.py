"""Addresses of the pages."""

from collections.abc import Callable

from django.contrib.auth.views import LogoutView
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from determinations.views import (
    account,
    folder,
    folder_files,
    folders,
    health,
    history,
    saved_searches,
    site,
    statistics,
)
from determinations.views.api import about_api, api_determination, api_nothing, api_search, openapi
from determinations.views.determination import (
    compare,
    determination,
    download,
    letter_text,
    original,
    similar,
)
from determinations.views.search import (
    browser_suggestions,
    opensearch,
    search_csv,
    search_page,
    start,
    suggest,
)
from determinations.views.selection import carry_selection


def in_folder(rest: str, view: Callable[..., HttpResponseBase], name: str) -> tuple[URLPattern, URLPattern]:
    """The view for the folder that items go into, and for a folder by its key, both under one name."""
    return path(f"folder/{rest}", view, name=name), path(f"folders/<int:key>/{rest}", view, name=name)


app_name = "determinations"
urlpatterns = [
    path("", start, name="search"),
    path("search/", search_page, name="all_items"),
    path("search/selected/", carry_selection, name="carry_selection"),
    path("search.csv", search_csv, name="search_csv"),
    path("determinations/<slug:public_id>/", determination, name="determination"),
    path("determinations/<slug:public_id>/original/", original, name="original"),
    path("determinations/<slug:public_id>/text/", letter_text, name="letter_text"),
    path("determinations/<slug:public_id>/original/download/", download, name="download"),
    path("determinations/<slug:public_id>/items/<int:position>/similar/", similar, name="similar"),
    path("compare/", compare, name="compare"),
    path("browse/", statistics.browse, name="browse"),
    path("browse/<slug:facet>/", statistics.browse_list, name="browse_list"),
    path("browse/<slug:facet>/<str:value>/", statistics.browse_value, name="browse_value"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/reasons/", statistics.reasons, name="reasons"),
    path("statistics/reasons.csv", statistics.reasons_csv, name="reasons_csv"),
    path("statistics/words/", statistics.words, name="words"),
    path("statistics/words/all/", statistics.all_words, name="all_words"),
    path("statistics/words.csv", statistics.words_csv, name="words_csv"),
    path("statistics/<slug:table>/", statistics.statistics_table, name="statistics_table"),
    path("statistics/<slug:table>.csv", statistics.statistics_csv, name="statistics_csv"),
    path("folders/", folders.folders, name="folders"),
    path("folders/new/", folders.new_folder, name="folder_new"),
    *in_folder("", folder.folder, "folder"),
    *in_folder("notes/", folder.save_notes, "folder_notes"),
    *in_folder("unsaved/save/", folder.save_unsaved, "folder_save_unsaved"),
    *in_folder("unsaved/discard/", folder.discard_unsaved, "folder_discard_unsaved"),
    *in_folder("clear/", folder.clear, "folder_clear"),
    *in_folder("put-back/", folder.put_back, "folder_put_back"),
    *in_folder("items/<str:name>/add/", folder.add_item, "folder_add"),
    *in_folder("items/<str:name>/remove/", folder.remove_item, "folder_remove"),
    *in_folder("items/<str:name>/up/", folder.move_up, "folder_up"),
    *in_folder("items/<str:name>/down/", folder.move_down, "folder_down"),
    *in_folder("items/<str:name>/passages/add/", folder.add_passage, "folder_quote"),
    *in_folder("items/<str:name>/passages/<slug:mark>/remove/", folder.remove_passage, "folder_unquote"),
    *in_folder("brief/", folder_files.brief, "brief"),
    *in_folder("brief.docx", folder_files.brief_word, "brief_word"),
    *in_folder("items.csv", folder_files.csv_file, "folder_csv"),
    *in_folder("citations.ris", folder_files.ris_file, "folder_ris"),
    *in_folder("citations.json", folder_files.csl_file, "folder_csl"),
    path("folders/<int:key>/items/<str:name>/copy/", folder.copy_item, name="folder_copy"),
    path("folders/<int:key>/use/", folders.use_folder, name="folder_use"),
    path("folders/<int:key>/settings/", folders.folder_settings, name="folder_settings"),
    path("folders/<int:key>/rename/", folders.rename_folder, name="folder_rename"),
    path("folders/<int:key>/share/", folders.share_folder, name="folder_share"),
    path("folders/<int:key>/shares/<int:share_key>/remove/", folders.unshare_folder, name="folder_unshare"),
    path("folders/<int:key>/delete/", folders.delete_folder, name="folder_delete"),
    path("history/", history.history, name="history"),
    path("history/clear/", history.clear_history, name="clear_history"),
    path("history/settings/", history.set_history, name="set_history"),
    path("saved/", saved_searches.saved_searches, name="saved_searches"),
    path("saved/save/", saved_searches.save_search, name="save_search"),
    path("saved/<int:pk>/", saved_searches.news, name="saved_search"),
    path("saved/<int:pk>/seen/", saved_searches.mark_search_seen, name="mark_search_seen"),
    path("saved/<int:pk>/alerts/", saved_searches.set_alerts, name="set_alerts"),
    path("saved/<int:pk>/change/", saved_searches.change_search, name="change_search"),
    path("saved/<int:pk>/new-feed/", saved_searches.renew_feed, name="renew_feed"),
    path("saved/<int:pk>/delete/", saved_searches.delete_search, name="delete_search"),
    path("feeds/<str:token>.atom", saved_searches.feed, name="feed"),
    path("alerts/stop/<str:token>/", saved_searches.stop_alerts, name="stop_alerts"),
    path("account/", account.account, name="account"),
    path("account/password/", account.ChangePassword.as_view(), name="password"),
    path("account/password/reset/", account.ResetPassword.as_view(), name="password_reset"),
    path("account/password/reset/sent/", account.reset_sent, name="password_reset_sent"),
    path(
        "account/password/reset/<uidb64>/<token>/",
        account.NewPassword.as_view(),
        name="password_reset_confirm",
    ),
    path("account/second-factor/", account.second_factor_page, name="second_factor"),
    path("account/second-factor/remove/", account.remove_second_factor, name="second_factor_remove"),
    path("account/second-factor/codes/", account.renew_backup_codes, name="second_factor_codes"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("account/sign-in/", account.SignIn.as_view(), name="sign_in"),
    path("account/sign-out/", LogoutView.as_view(), name="sign_out"),
    path("suggest/", suggest, name="suggest"),
    path("suggest/browser/", browser_suggestions, name="browser_suggestions"),
    path("opensearch.xml", opensearch, name="opensearch"),
    path("api/", about_api, name="api"),
    path("api/search", api_search, name="api_search"),
    path("api/determinations/<slug:public_id>", api_determination, name="api_determination"),
    path("api/openapi.json", openapi, name="openapi"),
    path("api/<path:rest>", api_nothing, name="api_nothing"),
    path("robots.txt", site.robots, name="robots"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", site.sitemap_section, name="sitemap_section"),
    path("help/", site.help_page, name="help"),
    path("about/", site.about, name="about"),
    path("health/", health.health, name="health"),
    path("health/live", health.health_live, name="health_live"),
    path("health/ready", health.health_ready, name="health_ready"),
    path("metrics", health.metrics_page, name="metrics"),
]
