"""Addresses of the pages."""

from django.urls import URLPattern

app_name = "determinations"
urlpatterns: list[URLPattern] = []
