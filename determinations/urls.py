"""Addresses of the pages."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from determinations.views import folder, saved_searches, site, statistics, suggest
from determinations.views.api import about_api, api_determination, api_nothing, api_search, openapi
from determinations.views.determination import (
    compare,
    determination,
    download,
    letter_text,
    original,
    similar,
)
from determinations.views.export import search_csv
from determinations.views.search import search_page

app_name = "determinations"
urlpatterns = [
    path("", search_page, name="search"),
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
    path("folder/", folder.folder, name="folder"),
    path("folder/notes/", folder.save_notes, name="folder_notes"),
    path("folder/unsaved/save/", folder.save_unsaved, name="folder_save_unsaved"),
    path("folder/unsaved/discard/", folder.discard_unsaved, name="folder_discard_unsaved"),
    path("folder/clear/", folder.clear, name="folder_clear"),
    path("folder/items/<str:name>/add/", folder.add_item, name="folder_add"),
    path("folder/items/<str:name>/remove/", folder.remove_item, name="folder_remove"),
    path("folder/items/<str:name>/up/", folder.move_up, name="folder_up"),
    path("folder/items/<str:name>/down/", folder.move_down, name="folder_down"),
    path("folder/put-back/", folder.put_back, name="folder_put_back"),
    path("folder/brief/", folder.brief, name="brief"),
    path("folder/brief.docx", folder.brief_word, name="brief_word"),
    path("saved/", saved_searches.saved_searches, name="saved_searches"),
    path("saved/save/", saved_searches.save_search, name="save_search"),
    path("saved/<int:pk>/", saved_searches.news, name="saved_search"),
    path("saved/<int:pk>/seen/", saved_searches.mark_search_seen, name="mark_search_seen"),
    path("saved/<int:pk>/alerts/", saved_searches.set_alerts, name="set_alerts"),
    path("saved/<int:pk>/rename/", saved_searches.rename_search, name="rename_search"),
    path("saved/<int:pk>/new-feed/", saved_searches.renew_feed, name="renew_feed"),
    path("saved/<int:pk>/delete/", saved_searches.delete_search, name="delete_search"),
    path("feeds/<str:token>.atom", saved_searches.feed, name="feed"),
    path("alerts/stop/<str:token>/", saved_searches.stop_alerts, name="stop_alerts"),
    path("account/sign-in/", LoginView.as_view(), name="sign_in"),
    path("account/sign-out/", LogoutView.as_view(), name="sign_out"),
    path("suggest/", suggest.suggest, name="suggest"),
    path("suggest/browser/", suggest.browser_suggestions, name="browser_suggestions"),
    path("opensearch.xml", suggest.opensearch, name="opensearch"),
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
    path("health/", site.health, name="health"),
]
