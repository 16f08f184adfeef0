"""What gunicorn's processes write to the log and count together."""

import json
import os
import signal
import threading

from tests.importing.sites import Site
from tests.operations.conftest import NewWebServer

TOKEN = {"Authorization": "Bearer secret-of-this-site"}


def test_metrics_are_those_of_all_processes(small_site: Site, serve: NewWebServer) -> None:
    server = serve(small_site, WEB_WORKERS="3", IMR_METRICS_TOKEN="secret-of-this-site")  # noqa: S106
    for _ in range(30):
        assert server.get("/about/").status == 200
    counted = 'imr_requests_total{method="GET",status="200",view="about"} 30.0'
    for _ in range(6):
        assert counted in server.get("/metrics", TOKEN).body
    health = [line for line in server.get("/metrics", TOKEN).body.splitlines() if "imr_worker_ok" in line]
    assert [line.split()[0] for line in health] == ["#", "#", "imr_worker_ok"]  # none of each process
    assert server.get("/metrics").status == 401


def test_every_line_of_the_log_is_json_where_a_setting_says_so(small_site: Site, serve: NewWebServer) -> None:
    server = serve(small_site, IMR_LOG_FORMAT="json")
    answer = server.get("/?q=norco")
    server.get("/nowhere/")
    server.end()
    entries = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert {"gunicorn.error", "determinations.access"} <= {entry["logger"] for entry in entries}
    asked = answer.headers["X-Request-ID"]
    assert [entry["path"] for entry in entries if entry["request_id"] == asked] == ["/"]
    assert "norco" not in server.log.read_text()


def test_a_new_start_of_the_processes_loses_no_request(small_site: Site, serve: NewWebServer) -> None:
    server = serve(small_site)
    statuses: list[int] = []

    def ask() -> None:
        statuses.extend(server.get("/about/").status for _ in range(40))

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    os.kill(server.process.pid, signal.SIGHUP)
    for asker in askers:
        asker.join()
    assert statuses == [200] * 160
