"""Addresses of the site: the app's pages and Django's admin."""

from django.contrib import admin
from django.urls import include, path

handler400 = "determinations.views.refusals.bad_request"
urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("determinations.urls")),
]
