"""Progress bars and tables of the management commands, on the stream that the command was given."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .search.interface import Progress as OnProgress


def console_of(command: BaseCommand) -> Console:
    """A console that writes where the command writes: a caller's stream included."""
    command.stdout.ending = ""  # rich ends its own lines
    return Console(file=command.stdout, highlight=False, markup=False)


@contextmanager
def progress_bar(console: Console, what: str, total: int) -> Iterator[OnProgress]:
    """A bar over `total` steps; call what it gives with the number of steps done since the last call."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(what, total=total)
        yield lambda steps: progress.advance(task, steps)
