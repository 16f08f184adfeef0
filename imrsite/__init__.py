"""The Django project: settings, URLs, and how the site is started."""

__version__ = "0.1.0"
"""The version of the program; the wheel takes it from here."""
