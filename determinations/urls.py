"""Addresses of the pages."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from determinations.views.alerts import feed, stop_alerts
from determinations.views.api import about_api, api_determination, api_nothing, api_search, openapi
from determinations.views.brief import brief, brief_word
from determinations.views.browse import browse, browse_list, browse_value
from determinations.views.compare import compare
from determinations.views.crawling import robots, sitemap, sitemap_section
from determinations.views.determination import determination, similar
from determinations.views.export import search_csv
from determinations.views.folder import change_item, folder, put_back
from determinations.views.health import health
from determinations.views.help import about, help_page
from determinations.views.opensearch import browser_suggestions, opensearch
from determinations.views.original import download, original
from determinations.views.saved_searches import change_search, news, save_search, saved_searches
from determinations.views.search import search_page
from determinations.views.statistics import (
    all_words,
    statistics,
    statistics_csv,
    statistics_table,
    words,
    words_csv,
)
from determinations.views.suggest import suggest

app_name = "determinations"
urlpatterns = [
    path("", search_page, name="search"),
    path("search.csv", search_csv, name="search_csv"),
    path("determinations/<slug:public_id>/", determination, name="determination"),
    path("determinations/<slug:public_id>/original/", original, name="original"),
    path("determinations/<slug:public_id>/original/download/", download, name="download"),
    path("determinations/<slug:public_id>/items/<int:position>/similar/", similar, name="similar"),
    path("compare/", compare, name="compare"),
    path("browse/", browse, name="browse"),
    path("browse/<slug:facet>/", browse_list, name="browse_list"),
    path("browse/<slug:facet>/<str:value>/", browse_value, name="browse_value"),
    path("statistics/", statistics, name="statistics"),
    path("statistics/words/", words, name="words"),
    path("statistics/words/all/", all_words, name="all_words"),
    path("statistics/words.csv", words_csv, name="words_csv"),
    path("statistics/<slug:table>/", statistics_table, name="statistics_table"),
    path("statistics/<slug:table>.csv", statistics_csv, name="statistics_csv"),
    path("folder/", folder, name="folder"),
    path("folder/item/", change_item, name="folder_item"),
    path("folder/put-back/", put_back, name="folder_put_back"),
    path("folder/brief/", brief, name="brief"),
    path("folder/brief.docx", brief_word, name="brief_word"),
    path("saved/", saved_searches, name="saved_searches"),
    path("saved/save/", save_search, name="save_search"),
    path("saved/<int:pk>/", news, name="saved_search"),
    path("saved/<int:pk>/change/", change_search, name="change_search"),
    path("feeds/<str:token>.atom", feed, name="feed"),
    path("alerts/stop/<str:token>/", stop_alerts, name="stop_alerts"),
    path("account/sign-in/", LoginView.as_view(), name="sign_in"),
    path("account/sign-out/", LogoutView.as_view(), name="sign_out"),
    path("suggest/", suggest, name="suggest"),
    path("suggest/browser/", browser_suggestions, name="browser_suggestions"),
    path("opensearch.xml", opensearch, name="opensearch"),
    path("api/", about_api, name="api"),
    path("api/search", api_search, name="api_search"),
    path("api/determinations/<slug:public_id>", api_determination, name="api_determination"),
    path("api/openapi.json", openapi, name="openapi"),
    path("api/<path:rest>", api_nothing, name="api_nothing"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap_section, name="sitemap_section"),
    path("help/", help_page, name="help"),
    path("about/", about, name="about"),
    path("health/", health, name="health"),
]
