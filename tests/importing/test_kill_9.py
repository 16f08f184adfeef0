"""The worker is killed again and again during one import, which ends like an undisturbed one."""

import os
import signal
import time
from pathlib import Path
from random import Random

from tests.importing.letter_folders import write_mixed_folder
from tests.importing.sites import NewSite, Site, kill_all, wait_until

KILLS = 20
FINISHED = "SELECT count(*) FROM determinations_importfile WHERE finished_at IS NOT NULL"
UNFINISHED_BATCHES = "SELECT count(*) FROM determinations_importbatch WHERE state = 'running'"

LETTERS = """
    SELECT letter.content_hash, letter.text_hash, letter.public_id, letter.case_number, letter.is_current,
           newer.content_hash, letter.layout, letter.year, letter.outcome, letter.clinical_summary,
           letter.full_text
    FROM determinations_determination letter
    LEFT JOIN determinations_determination newer ON newer.id = letter.superseded_by_id
    ORDER BY 1
"""
ITEMS = """
    SELECT content_hash, position, request, decision, services, spinal_levels, rationale,
           (SELECT group_concat(citation, '|') FROM
               (SELECT cited_by || source || text AS citation FROM determinations_guidelinecitation
                WHERE item_id = item.id ORDER BY id) AS citations)
    FROM determinations_disputeditem item
    JOIN determinations_determination letter ON letter.id = determination_id
    ORDER BY 1, 2
"""
WARNINGS = """
    SELECT content_hash, code, place, message
    FROM determinations_letterwarning JOIN determinations_determination letter ON letter.id = determination_id
    ORDER BY 1, 2, 3
"""
FILES = """
    SELECT file.name, file.position, file.result, file.code, file.reason, file.content_hash,
           letter.content_hash
    FROM determinations_importfile file
    LEFT JOIN determinations_determination letter ON letter.id = file.determination_id
    ORDER BY 1, 2
"""


def test_an_import_killed_twenty_times_ends_like_an_undisturbed_one(
    new_site: NewSite, tmp_path: Path
) -> None:
    folder = write_mixed_folder(tmp_path / "letters", 320)
    undisturbed, disturbed = new_site("undisturbed"), new_site("disturbed")
    undisturbed.manage("import_letters", str(folder), status=3)  # some of its files are no letters

    random = Random(20)
    kills = 0
    command: tuple[str, ...] = ("import_letters", str(folder))
    while kills < KILLS:
        kill_somewhere(disturbed, command, random, whole_group=kills % 2 == 0)
        kills += 1
        assert disturbed.count(UNFINISHED_BATCHES) == 1, f"The import was done after {kills} kills."
        command = ("process_imports",)
    with disturbed.running("process_imports"):
        wait_until(lambda: disturbed.count(UNFINISHED_BATCHES) == 0)

    for table in (LETTERS, ITEMS, WARNINGS, FILES):
        assert disturbed.rows(table) == undisturbed.rows(table)
    assert kept_files(disturbed) == kept_files(undisturbed)
    for site in (undisturbed, disturbed):
        assert "agrees" in site.manage("check_index")
        assert site.count("SELECT count(*) FROM determinations_indexchange") == 0


def kill_somewhere(site: Site, command: tuple[str, ...], random: Random, *, whole_group: bool) -> None:
    """Start the command, let it get somewhere, and kill it with its readers, or it alone."""
    before = site.count(FINISHED)
    process = site.start(*command)
    wait_until(lambda: site.count(FINISHED) > before or process.poll() is not None)
    time.sleep(random.random() * 0.1)
    if whole_group:
        kill_all(process)
        return
    process.kill()
    process.wait()
    wait_until(lambda: not group_exists(process.pid))


def group_exists(group: int) -> bool:
    try:
        os.killpg(group, signal.SIG_DFL)
    except ProcessLookupError:
        return False
    return True


def kept_files(site: Site) -> set[str]:
    return {path.name for path in (site.folder / "letters").glob("??/*")}
