"""How the site logs: to standard error, as lines for people or as JSON, each with the id of its request.

gunicorn and Django use the same settings, so that one program can read both. Knows no Django: gunicorn's main
process logs before the site is loaded.
"""

import logging
from contextvars import ContextVar
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""Set for each request, and kept by its thread until the next one: a streamed answer logs after its view."""


class AddRequestId(logging.Filter):
    """Gives every record the attribute `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


def logging_settings(form: str) -> dict[str, Any]:
    """Settings for `logging.config.dictConfig`; `form` is "lines" or "json"."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "imrsite.logs.AddRequestId"}},
        "formatters": {
            "lines": {
                "format": "{asctime} {levelname} {name} [{request_id}]: {message}",
                "style": "{",
            },
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": "{asctime} {levelname} {name} {request_id} {message}",
                "style": "{",
                "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
            },
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["request_id"]}
        },
        "root": {"level": "WARNING", "handlers": []},
        "loggers": {
            "determinations": {"handlers": ["console"], "level": "INFO"},
            "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            "py.warnings": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
    }
