"""`make test-postgresql`: the suite on a PostgreSQL cluster of its own, which ends with it.

Takes pytest's arguments. Where no server is installed, it says so and is done; IMR_POSTGRESQL_REQUIRED=1
makes that a failure.
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from benchmarks.peers.postgresql_server import make_cluster, server, unavailable

SETTINGS = {
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "2GB",
    "max_connections": "200",
}


def main(arguments: list[str]) -> int:
    if reason := unavailable():
        required = os.environ.get("IMR_POSTGRESQL_REQUIRED") == "1"
        print(f"The tests on PostgreSQL are {'required' if required else 'skipped'}: {reason}.")  # noqa: T201
        return int(required)
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # the server ends with this
    with tempfile.TemporaryDirectory(prefix="imr-postgresql-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the server's user has to reach its cluster
        make_cluster(folder)
        with server(folder, SETTINGS) as connection:
            url = f"postgresql://{connection.info.user}@{quote(connection.info.host, safe='')}/imr"
            connection.close()
            command = [sys.executable, "-m", "pytest", *arguments]
            environment = {**os.environ, "IMR_TEST_DATABASE_URL": url}
            return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
