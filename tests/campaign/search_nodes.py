"""Three OpenSearch nodes on this machine, each behind a proxy, as the one index of all machines."""

import json
import os
import signal
import subprocess
import urllib.request
from http.client import HTTPException
from pathlib import Path

from tests.campaign.dropping_proxy import DroppingProxy
from tests.campaign.machines import MARK
from tests.campaign.ports import free_port
from tests.campaign.postgresql_pair import wait_until
from tests.importing.sites import ROOT

NODES = 3
SECONDS_TO_START = 300.0
_SCRIPTS = ROOT / "tests" / "search" / "opensearch" / "node"
_PORTS = 100 + NODES
"""From the first node's port for HTTP to the last one's for the others."""


class SearchNodes:
    """Each has a heap of 512 MB, and may be killed while the other two are there."""

    def __init__(self, folder: Path, mark: str) -> None:
        self._folder, self._port = folder, free_port(_PORTS)
        self._environment = {**os.environ, "IMR_TEST_SEARCH_PORT": str(self._port), MARK: mark}
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self.proxies = [DroppingProxy(free_port(), self._port + place) for place in range(NODES)]

    @property
    def settings(self) -> dict[str, str]:
        """Of the sites that search here."""
        urls = ",".join(f"http://127.0.0.1:{proxy.port}" for proxy in self.proxies)
        return {"IMR_SEARCH_URL": urls, "IMR_SEARCH_SHARDS": "3", "IMR_SEARCH_REPLICAS": "1"}

    def start(self) -> None:
        for number in range(1, NODES + 1):
            self.start_one(number)
        self.wait_until_whole()

    def start_one(self, number: int) -> None:
        (self._folder / f"node-{number}").mkdir(parents=True, exist_ok=True)
        with (self._folder / f"node-{number}" / "log").open("ab") as log:
            self._processes[number] = subprocess.Popen(
                [_SCRIPTS / "run-node", str(self._folder), str(number), str(NODES)],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.proxies[number - 1].accept()

    def kill_one(self, number: int) -> None:
        """Kill -9."""
        self._processes[number].kill()
        self._processes[number].wait()
        self.proxies[number - 1].refuse()

    def wait_until_whole(self) -> None:
        """All nodes are there, and every shard has its replica."""
        wait_until(self._is_whole, f"OpenSearch is not whole: {self._folder}", SECONDS_TO_START)

    def _is_whole(self) -> bool:
        """Every node says so: one that has just started knows better than one that has not missed it yet."""
        return all(self._sees_all(place) for place in range(NODES))

    def _sees_all(self, place: int) -> bool:
        address = f"http://127.0.0.1:{self._port + place}/_cluster/health"
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                state = json.load(answer)
        except (OSError, HTTPException, ValueError):
            return False
        return bool(state["number_of_nodes"] == NODES and state["status"] == "green")

    def stop(self) -> None:
        for process in self._processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self._processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for proxy in self.proxies:
            proxy.close()
