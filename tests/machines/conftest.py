"""The pages' library: a throw-away database and index."""

from tests.site.conftest import data_folders, library

__all__ = ["data_folders", "library"]
