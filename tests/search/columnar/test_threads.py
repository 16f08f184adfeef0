"""One columnar engine serves many threads while another process commits."""

import sys
import threading
from pathlib import Path
from subprocess import Popen

from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import SearchRequest, Sort
from determinations.search.query.nodes import Phrase, Wildcard, Word
from tests.search.engine_contract import document

COMMITS = 25

WRITER = f"""
import sys
from determinations.search.interface import IndexDocument
from determinations.search.columnar.engine import ColumnarEngine

engine = ColumnarEngine(sys.argv[1])
for turn in range({COMMITS}):
    word = f"turn{{turn}}"
    engine.update(
        [
            IndexDocument(key, "", word, "", f"pain and more pain {{word}}", "", {{"decision": ("upheld",)}})
            for key in range(1, 41)
        ]
    )
    if turn % 10 == 9:
        engine.replace_all(
            IndexDocument(key, "", word, "", f"pain and more pain {{word}}", "", {{"decision": ("upheld",)}})
            for key in range(1, 41)
        )
"""


def test_every_answer_is_of_one_commit(tmp_path: Path) -> None:
    path = tmp_path / "index"
    engine = ColumnarEngine(path)
    engine.replace_all(document(key, "pain and more pain", decision="upheld") for key in range(1, 41))
    failures: list[BaseException] = []
    finished = threading.Event()
    generations: set[int] = set()

    def search() -> None:
        try:
            while not finished.is_set():
                for query in (Word("pain"), Phrase(("more", "pain")), Wildcard("pai*")):
                    results = engine.search(
                        SearchRequest(query, sort=Sort.NEWEST, limit=50, count=("decision",))
                    )
                    assert [hit.key for hit in results.hits] == list(range(1, 41))
                    assert [one.count for one in results.counts["decision"]] == [40]
                generations.add(engine.status().generation)
        except BaseException as error:  # noqa: BLE001 - it is raised again below, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(8)]
    for thread in threads:
        thread.start()
    with Popen([sys.executable, "-W", "ignore", "-c", WRITER, str(path)]) as writer:
        code = writer.wait(60)
    finished.set()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]
    assert code == 0
    assert len(generations) > 1
    assert engine.search(SearchRequest(Word(f"turn{COMMITS - 1}"))).total == 40
