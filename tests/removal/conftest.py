"""The sites of the tests of imports."""

from tests.importing.conftest import migrated_site, new_site, own_folders, site

__all__ = ["migrated_site", "new_site", "own_folders", "site"]
