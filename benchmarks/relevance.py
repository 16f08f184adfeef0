"""How well the site ranks real letters, beside a plain BM25 of the same items: nDCG@10 by class, and how many
questions find what they should: an item of their highest grade among the first ten.

    python -m benchmarks.relevance --letters LETTERS --judged JUDGED [--data FOLDER] [--each]

LETTERS is a folder of letters. JUDGED holds `queries.tsv` (id, class, query) and `judgments.tsv` (query,
item, grade from 0 to 3); an item without a grade counts as 0, and a question without an item of grade 2 or
3 is left out. The letters are imported into FOLDER, or into a folder that is thrown away; a folder that
holds letters is searched as it is. The site is asked through `/api/search`, in this process.

The plain BM25 is bm25s with its defaults and Porter's stemmer: any word of the question, over request and
rationale. Of each item the three closest determinations are compared with it too: service and body part.
"""

import argparse
import csv
import json
import math
import os
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from urllib.parse import urlencode

_SHOWN = 20
_JUDGED_TO = 10
_CLOSEST = 3


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """`grades`: item ("CM14-0031877.2") -> 0 to 3."""

    id: str
    kind: str
    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ranked:
    """What one engine answered: its first items, and how many it found."""

    items: tuple[str, ...]
    total: int


def questions_of(judged: Path) -> tuple[JudgedQuestion, ...]:
    """The questions that have an item of grade 2 or 3."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for row in _table(judged / "judgments.tsv"):
        grades[row["query"]][row["item"]] = int(row["grade"])
    return tuple(
        JudgedQuestion(row["id"], row["class"], row["query"], grades[row["id"]])
        for row in _table(judged / "queries.tsv")
        if max(grades[row["id"]].values(), default=0) >= 2
    )


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def ndcg(items: Sequence[str], grades: Mapping[str, int]) -> float:
    """nDCG@10 with gains of 2^grade - 1: 0 to 1."""
    ideal = sorted(grades.values(), reverse=True)[:_JUDGED_TO]
    return _gain([grades.get(item, 0) for item in items[:_JUDGED_TO]]) / _gain(ideal)


def is_right(items: Sequence[str], grades: Mapping[str, int]) -> bool:
    """Whether the first ten hold an item of the highest grade."""
    highest = max(grades.values())
    return any(grades.get(item) == highest for item in items[:_JUDGED_TO])


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def import_letters(letters: Path) -> None:
    """Into the data directory of this process, unless it holds letters."""
    from django.core.management import call_command

    from determinations.models import Determination

    call_command("migrate", verbosity=0)
    if not Determination.objects.exists():
        call_command("import_letters", str(letters), verbosity=0)


def ask_site(question: str) -> Ranked:
    """The site's answer; a question that it refuses finds nothing."""
    from django.test import Client

    answer = Client(SERVER_NAME="localhost").get(
        f"/api/search?{urlencode({'q': question, 'page_size': _SHOWN})}"
    )
    if answer.status_code == 400:
        return Ranked((), 0)
    found = json.loads(answer.content)
    return Ranked(tuple(hit["item"]["id"] for hit in found["hits"]), found["total"])


class PlainBM25:
    """bm25s over request and rationale of every item."""

    def __init__(self) -> None:
        import bm25s

        from determinations.models import DisputedItem

        items = list(
            DisputedItem.objects.filter(determination__is_current=True).select_related("determination")
        )
        self._names = [f"{item.determination.public_id}.{item.position}" for item in items]
        self._engine = bm25s
        self._index = bm25s.BM25()
        texts = [f"{item.request}\n{item.rationale}" for item in items]
        self._index.index(self._words(texts), show_progress=False)

    def _words(self, texts: list[str]) -> list[list[str]]:
        """Of bm25s' own tokenizer and Porter's stemmer: no change of the site changes them."""
        from whoosh.lang.porter import stem

        words: list[list[str]] = self._engine.tokenize(
            texts,
            stopwords=None,
            stemmer=lambda found: list(map(stem, found)),
            return_ids=False,
            show_progress=False,
        )
        return words

    def ask(self, question: str) -> Ranked:
        if not (words := self._words([question])[0]):
            return Ranked((), 0)
        count = len(self._names)
        documents, scores = self._index.retrieve([words], k=count, show_progress=False)
        found = [
            self._names[document]
            for document, score in zip(documents[0], scores[0], strict=True)
            if score > 0
        ]
        return Ranked(tuple(found[:_SHOWN]), len(found))


def report(questions: Sequence[JudgedQuestion], answers: Mapping[str, Sequence[Ranked]]) -> str:
    """A line for each class: nDCG@10 of each engine, and how many questions it has right in the first ten."""
    kinds = ["all", *sorted({question.kind for question in questions})]
    columns = [column for name in answers for column in (name, f"{name}: right in the first ten")]
    lines = ["| class | questions | " + " | ".join(columns) + " |", "|" + "---|" * (len(columns) + 2)]
    for kind in kinds:
        places = [at for at, question in enumerate(questions) if kind in ("all", question.kind)]
        figures = []
        for ranked in answers.values():
            found = [(ranked[at].items, questions[at].grades) for at in places]
            figures += [f"{mean(ndcg(*one) for one in found):.3f}", str(sum(is_right(*one) for one in found))]
        lines.append(f"| {kind} | {len(places)} | " + " | ".join(figures) + " |")
    return "\n".join(lines)


def each_question(questions: Sequence[JudgedQuestion], answers: Mapping[str, Sequence[Ranked]]) -> str:
    """A line for each question: its figures, and how much the first engine found."""
    first = next(iter(answers.values()))
    return "\n".join(
        f"{question.id} {'right' if is_right(first[at].items, question.grades) else 'wrong'} "
        + " ".join(f"{ndcg(ranked[at].items, question.grades):.3f}" for ranked in answers.values())
        + f"  total {first[at].total:4}"
        + f" of grade 2 or 3 {sum(grade >= 2 for grade in question.grades.values()):3}  {question.text}"
        for at, question in enumerate(questions)
    )


def closest_report() -> str:
    """Of the three closest determinations of every item: how many share its service and its body part.

    Counted where the collection has three others, in other letters, that share it.
    """
    from determinations.case.similar import closest_items
    from determinations.models import DisputedItem
    from determinations.search.engines import search_engine

    engine = search_engine()
    items = list(DisputedItem.objects.filter(determination__is_current=True).select_related("determination"))
    found = {item.pk: [hit.key for hit in closest_items(item, engine, _CLOSEST)] for item in items}
    lines = []
    for name in ("services", "body_parts"):
        if not hasattr(DisputedItem, name):
            continue
        values = {item.pk: set(getattr(item, name)) - {"unclassified"} for item in items}
        shares = []
        for item in items:
            others = [
                other
                for other in items
                if other.determination_id != item.determination_id and values[other.pk] & values[item.pk]
            ]
            if len(others) >= _CLOSEST:
                shares += [bool(values[key] & values[item.pk]) for key in found[item.pk]]
        lines.append(f"closest three, same {name.replace('_', ' ')}: {mean(shares):.3f} of {len(shares)}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--letters", type=Path, required=True, help="a folder of letters")
    parser.add_argument(
        "--judged", type=Path, required=True, help="a folder with queries.tsv and judgments.tsv"
    )
    parser.add_argument("--data", type=Path, help="a data directory to keep and to use again")
    parser.add_argument("--each", action="store_true", help="a line for each question too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IMR_DATA_DIR"] = str(options.data or folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "imrsite.settings"
        import django

        django.setup()
        import_letters(options.letters)
        questions = questions_of(options.judged)
        plain = PlainBM25()
        answers = {
            "site": [ask_site(question.text) for question in questions],
            "plain BM25": [plain.ask(question.text) for question in questions],
        }
        if options.each:
            print(each_question(questions, answers))
        print(report(questions, answers))
        print(closest_report())


if __name__ == "__main__":
    main()
