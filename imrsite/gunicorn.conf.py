"""How gunicorn serves the site. HOST, PORT and WEB_WORKERS come from the environment.

Under `manage.py serve`, IMR_SUPERVISOR is the process that watches: gunicorn does not outlive it.
"""

import ctypes
import logging
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.util import getcwd
from gunicorn.workers.base import Worker

CODE_DIR = str(Path(__file__).resolve().parent.parent)
# `serve` may be run from any folder. gunicorn puts that folder first, before the site's own.
_path = [folder for folder in sys.path if folder not in ("", getcwd())]
sys.path[:] = [*([] if CODE_DIR in _path else [CODE_DIR]), *_path, getcwd()]

from imrsite.listening import refusal  # noqa: E402
from imrsite.logs import logging_settings  # noqa: E402


def _connections(most: int = 1000, kept_back: int = 200) -> int:
    """Of each worker: as many as the process may open files, less some for letters and the index."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most + kept_back
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return most if soft == resource.RLIM_INFINITY else max(threads + 2, min(most, soft - kept_back))


wsgi_app = "imrsite.wsgi:application"
pythonpath = CODE_DIR
_host = os.environ.get("HOST", "127.0.0.1")
if _refused := refusal(_host, os.environ):
    sys.exit(_refused)
bind = f"{_host}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", min(4, multiprocessing.cpu_count())))
threads = 4
worker_class = "imrsite.whole_requests.WholeRequestWorker"
worker_connections = _connections()
timeout = 60
graceful_timeout = 10
limit_request_line = 8190  # a question of 1,000 characters with many filters does not fit the usual 4094
forwarder_headers = ""  # no header says under which path the site is: SCRIPT_NAME is not believed
control_socket_disable = True  # nobody controls it but its supervisor, and it would be one per user
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108  a heartbeat file on disk stalls workers

# Nobody waits for longer, and a waiting request keeps a thread from others. The import worker has more time.
os.environ.setdefault("IMR_DATABASE_WAIT_SECONDS", "2")
os.environ.setdefault("IMR_DATABASE_STATEMENT_SECONDS", "20")
logging.captureWarnings(capture=True)  # else they would be lines of their own form
logconfig_dict = logging_settings(os.environ.get("IMR_LOG_FORMAT", "").strip().lower() or "lines")

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the name that prometheus_client looks for
if os.environ.get("IMR_METRICS_TOKEN") and METRICS_FOLDER not in os.environ:
    os.environ[METRICS_FOLDER] = tempfile.mkdtemp(prefix="imr-metrics-", dir=worker_tmp_dir)


def when_ready(server: Arbiter) -> None:
    logging.getLogger("gunicorn.error").info("Serving on http://%s (press Ctrl-C to stop)", bind)
    if supervisor := os.environ.get("IMR_SUPERVISOR"):
        threading.Thread(target=_end_after, args=(int(supervisor),), daemon=True).start()


def post_worker_init(worker: Worker) -> None:
    """Open the search index and read the vocabulary of reasons, so that no visitor waits for them.

    Without an index the site still shows letters.
    """
    from determinations.letters.facts.grounds.reading import grounds_in_narrative
    from determinations.search.engines import search_engine

    grounds_in_narrative("")
    try:
        search_engine().status()
    except Exception as error:  # noqa: BLE001  pages report it to visitors, this logs it
        worker.log.warning("The search index is not open: %s", error)
    threading.Thread(target=_give_memory_back, daemon=True).start()


def _give_memory_back() -> None:
    """Twice a minute: after large searches glibc keeps 100 MB that nothing uses. Others do not need this."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    while trim is not None:
        time.sleep(30)
        trim(0)


def on_exit(server: Arbiter) -> None:
    if folder := os.environ.get(METRICS_FOLDER):
        shutil.rmtree(folder, ignore_errors=True)


def _end_after(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
