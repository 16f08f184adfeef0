"""The pages' library: a throw-away database and index."""

from tests.views.conftest import data_folders, library

__all__ = ["data_folders", "library"]
