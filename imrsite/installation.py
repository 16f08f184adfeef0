"""Where this program's own files are: in a checkout of the repository, or installed from a wheel.

A checkout has templates, styles and sample letters beside this package; an installation has them within it.
Knows no Django.
"""

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

CODE_DIR = _PACKAGE.parent
"""The folder from which the packages are imported."""

IS_INSTALLED = (_PACKAGE / "templates").is_dir()

BASE_DIR = _PACKAGE if IS_INSTALLED else CODE_DIR
"""The folder of `templates`, `static` and `sample_letters`."""

PROGRAM = "imrsite" if IS_INSTALLED else "manage.py"
"""What stands before the name of a command in messages."""

RUN = "imrsite run" if IS_INSTALLED else "make run"
"""The command that serves the site, in messages."""


def installing(extra: str) -> str:
    """The command that installs an extra of this program, in messages."""
    if IS_INSTALLED:
        return f"pip install 'imrsite[{extra}]'"
    return f".venv/bin/python -m pip install --require-hashes -r requirements/{extra}.txt"


def command(*arguments: str) -> list[str]:
    """A management command for a process of its own, whatever its current folder."""
    # Without -P, Python would import from the current folder first.
    program = ["-P", "-m", "imrsite"] if IS_INSTALLED else [str(BASE_DIR / "manage.py")]
    return [sys.executable, *program, *arguments]
