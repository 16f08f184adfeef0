"""`manage.py` with small groups and short waits, so that a test meets every step of an import soon."""

import os
import sys


def main() -> None:
    import django

    django.setup()
    from determinations.importing import archives, batch_run, reading_pool, worker

    reading_pool.READERS = 1
    batch_run.FILES_AT_A_TIME = 5
    archives.ENTRIES_AT_A_TIME = 5
    worker.SECONDS_BETWEEN_COMMITS = float(os.environ.get("SECONDS_BETWEEN_COMMITS", "0.2"))
    worker.SECONDS_BETWEEN_LOOKS = 0.05

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    sys.path.insert(0, os.environ["SITE_ROOT"])
    main()
