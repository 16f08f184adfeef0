"""`manage.py` with small groups and short waits, so that a test meets every step of an import soon.

It does not check the vocabulary, which takes longer than to read the letters of a test.
"""

import os
import sys


def main() -> None:
    import django

    django.setup()
    from django.core.checks.registry import registry

    from determinations import checks, index_keeping, leases
    from determinations.importing import archives, batch_run, reading_pool, worker

    registry.registered_checks -= {checks.vocabulary_is_sound}
    reading_pool.READERS = 1
    batch_run.FILES_AT_A_TIME = 5
    archives.ENTRIES_AT_A_TIME = 5
    index_keeping.SECONDS_BETWEEN_COMMITS = float(os.environ.get("SECONDS_BETWEEN_COMMITS", "0.2"))
    worker.SECONDS_BETWEEN_LOOKS = 0.05
    leases.SECONDS = float(os.environ.get("LEASE_SECONDS", "30"))

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    sys.path.insert(0, os.environ["SITE_ROOT"])
    main()
