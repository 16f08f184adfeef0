"""Runs of the import benchmark as tables."""

from collections.abc import Iterator

from benchmarks.imports.results import STEPS, Cost, ImportRun, total
from benchmarks.markdown import table, times

_WAYS = (
    "this site",
    "only read, one process",
    "a save for each row, Whoosh as documented",
)


def import_report(run: ImportRun) -> str:
    """What one run measured, ratios first."""
    return "\n\n".join([_ways(run), _steps(run), *_facts(run)])


def _ways(run: ImportRun) -> str:
    costs = (run.cost, total(run.reading_alone), total(run.each_row_saved))
    heads = ["", "letters", "letters a second", "times a save for each row"]
    if _counts_all_processors(run):
        heads += ["letters a second of processor time", "times a save for each row"]
    return table(heads, (_way(run, name, cost, costs[-1]) for name, cost in zip(_WAYS, costs, strict=True)))


def _way(run: ImportRun, name: str, cost: Cost, plain: Cost) -> list[str]:
    cells = [name, f"{cost.letters:,}", f"{cost.rate:,.0f}", times(cost.rate / plain.rate)]
    if _counts_all_processors(run):
        cells += [f"{cost.cpu_rate:,.0f}", times(cost.cpu_rate / plain.cpu_rate)]
    return cells


def _counts_all_processors(run: ImportRun) -> bool:
    # PDFs are opened by processes that outlive the measurement.
    return run.kind == "text"


def _steps(run: ImportRun) -> str:
    rest = run.seconds - sum(run.steps.values())
    rows = [*((STEPS[step], seconds) for step, seconds in run.steps.items()), ("the rest", rest)]
    return table(
        ["the worker’s time", "share"], ([words, f"{seconds / run.seconds:.1%}"] for words, seconds in rows)
    )


def _facts(run: ImportRun) -> Iterator[str]:
    reading = run.readers_cpu / run.cost.cpu_seconds
    shares = f" Of the processor time, readers took {reading:.0%} and the worker {1 - reading:.0%}."
    facts = [
        f"{run.items:,} items.{shares if _counts_all_processors(run) else ''}",
        f"The first letter was stored after {run.first_seconds:.1f} s; a stored letter was searchable after "
        f"{run.longest_until_searchable:.1f} s at most.",
        f"Most memory: {_megabytes(run.worker_peak)} in the worker, "
        f"{_megabytes(run.reader_peak)} in a reader.",
    ]
    if run.stretches:
        facts.append(
            f"By the thousand: the first {run.stretches[0]:,.0f} letters a second, the last "
            f"{run.stretches[-1]:,.0f}, the slowest {min(run.stretches):,.0f}, the fastest "
            f"{max(run.stretches):,.0f}."
        )
    if run.flatness:
        facts.append(f"The last tenth of the letters came {times(run.flatness)} as fast as the first tenth.")
    yield "\n".join(f"* {fact}" for fact in facts)


def _megabytes(size: int | None) -> str:
    return "unknown" if size is None else f"{size / 1e6:,.0f} MB"
