"""Addresses of the site: the app's pages and Django's admin."""

from django.contrib import admin
from django.urls import include, path

handler400 = "determinations.views.error_pages.bad_request"
handler500 = "determinations.views.error_pages.server_error"
urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("determinations.urls")),
]
