"""The `imrsite` command: `imrsite run`, `imrsite import PATH...`, and every management command by its name.

Without a command, its help needs no settings and makes no data directory.
"""

import ast
import os
import sys
from importlib import import_module
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand

from imrsite import __version__
from imrsite.data_directory import data_directory

SHORT_NAMES = {"run": "serve", "import": "import_letters"}
"""Name on this command line -> management command."""

HELP = """\
Search of California Independent Medical Review determinations.

  imrsite run                  serve the site, and import what is uploaded to it; --port 8001
  imrsite import PATH...       import letters: files, folders, archives
  imrsite migrate              create or update the database ("run" does it, too)
  imrsite createsuperuser      create an account for the admin pages

  imrsite backup DEST          copy database and letters while the site runs
  imrsite restore SRC          make a site of a backup, in an empty data directory
  imrsite copy_to_postgresql URL  move the rows from SQLite to PostgreSQL
  imrsite check_index          compare the search index with the database; --fix repairs it
  imrsite check_originals      compare every kept letter with its hash
  imrsite share_originals      send this machine's letters to the storage that machines share
  imrsite rebuild_index        make the search index anew from the database
  imrsite merge_index          merge large parts of the index ("run" and "follow" do it, too)
  imrsite reparse              read stored letters again with a newer version
  imrsite remove_letter CASE   remove a letter for good, with every trace of it
  imrsite parse_letter PATH... print what is read in letters as JSON, without saving it
  imrsite process_imports      import what waits ("run" does it, too)
  imrsite send_alerts          email what is new in saved searches ("run" does it, too)
  imrsite mcp_server           let an assistant search and read letters

  On several machines, in place of "run":
  imrsite web                  serve the pages only
  imrsite worker               import letters only
  imrsite follow               keep this machine's search index up to date

  imrsite help COMMAND         the options of a command
  imrsite help --commands      all commands, Django's own among them
  imrsite help settings        the environment variables that set the site up
  imrsite --version

Data: {data_dir} (IMR_DATA_DIR names another folder)
"""


class CommandLine(ManagementUtility):
    """Django's, with the short names."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        return super().fetch_command(SHORT_NAMES.get(subcommand, subcommand))


def main(arguments: list[str] | None = None) -> None:
    """Run what the command line says, or `arguments`. Ends with SystemExit if it cannot."""
    given = sys.argv[1:] if arguments is None else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imrsite.settings")
    if given in (["--version"], ["version"]):
        sys.stdout.write(f"imrsite {__version__}\n")
    elif given in ([], ["help"], ["--help"], ["-h"]):
        sys.stdout.write(HELP.format(data_dir=data_directory(os.environ.get("IMR_DATA_DIR", ""))))
    elif given == ["help", "settings"]:
        sys.stdout.write(_description_of_settings())
    else:
        _require_settings()
        CommandLine(["imrsite", *given]).execute()


def _require_settings() -> None:
    """A wrong setting, or a data directory that cannot be used, ends in a line instead of a traceback."""
    try:
        import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except ImproperlyConfigured as error:
        sys.exit(f"imrsite: {error}")


def _description_of_settings() -> str:
    source = Path(__file__).with_name("settings.py").read_text(encoding="utf-8")
    return f"{ast.get_docstring(ast.parse(source))}\n"
