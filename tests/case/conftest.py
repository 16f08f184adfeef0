"""The pages' library."""

from tests.views.conftest import data_folders, library

__all__ = ["data_folders", "library"]
