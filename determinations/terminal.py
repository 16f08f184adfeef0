"""Progress bars and tables of the management commands, on the command's output stream."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, cast

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from determinations.search.interface import Progress as OnProgress


def console_of(command: BaseCommand) -> Console:
    """A console that writes where the command writes: a caller's stream included."""
    command.stdout.ending = ""  # rich ends its own lines
    return Console(file=cast("IO[str]", command.stdout), highlight=False, markup=False)


@contextmanager
def progress_bar(console: Console, what: str, total: int) -> Iterator[OnProgress]:
    """A bar over `total` steps; call what it gives with the number of steps done since the last call."""
    with _progress(console) as progress:
        task = progress.add_task(what, total=total)
        yield lambda steps: progress.advance(task, steps)


@contextmanager
def growing_progress_bar(console: Console, what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar over work that grows meanwhile; call what it gives with the steps done and the steps in all."""
    with _progress(console) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    )
