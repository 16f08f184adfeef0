"""The proxies' configurations in deploy/: read by the programs themselves, and nginx in front of the site."""

import http.client
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.importing.sites import ROOT, Site, wait_until
from tests.operations.conftest import Answer, NewWebServer, WebServer

DEPLOY = ROOT / "deploy"
NAME = "imr.example.org"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

needs_nginx = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Proxy:
    plain: int
    secure: int
    log: Path

    def ask(
        self,
        path: str,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        *,
        secure: bool = True,
    ) -> Answer:
        if secure:
            trusting = ssl._create_unverified_context()  # noqa: S323  (its certificate is made for the test)
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                "127.0.0.1", self.secure, context=trusting, timeout=30
            )
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=30)
        with closing(connection):
            connection.request(method, path, body, {"Host": NAME, **(headers or {})})
            with connection.getresponse() as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())


def configured(folder: Path, site_port: int, plain: int, secure: int) -> Path:
    """deploy/nginx.conf with the ports and the certificate of a test, within a configuration of nginx."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    made.extend(["-keyout", str(key), "-out", str(certificate)])
    subprocess.run(made, check=True, capture_output=True)
    text = (DEPLOY / "nginx.conf").read_text()
    for given, here in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "listen [::]:80;": "",
        "listen [::]:443 ssl;": "",
        "127.0.0.1:8000": f"127.0.0.1:{site_port}",
        "/etc/ssl/imr/fullchain.pem": str(certificate),
        "/etc/ssl/imr/privkey.pem": str(key),
        "/var/log/nginx/imr.log": str(folder / "access.log"),
        "client_header_timeout 15s": "client_header_timeout 2s",
    }.items():
        assert given in text, given
        text = text.replace(given, here)
    (folder / "imr.conf").write_text(text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nworker_processes 1;\n"
        f"user {owner()};\n"
        f"events {{ worker_connections 600; }}\nhttp {{\n{places}\ninclude {folder}/imr.conf;\n}}\n"
    )
    return main


def owner() -> str:
    return subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()


@needs_nginx
def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    main = configured(tmp_path, 8000, free_port(), free_port())
    done = subprocess.run(["nginx", "-t", "-c", str(main)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed")
def test_caddy_accepts_its_configuration() -> None:
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def site(migrated_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    folder = tmp_path_factory.mktemp("behind") / "site"
    site = migrated_site.copied(folder)
    site.manage("rebuild_index")
    with ExitStack() as stack:
        yield NewWebServer(stack)(site, IMR_HTTPS="1", IMR_PROXIES="1", IMR_ALLOWED_HOSTS=NAME)


@pytest.fixture(scope="module")
def proxy(site: WebServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy") / "nginx"
    folder.mkdir()
    plain, secure = free_port(), free_port()
    main = configured(folder, site.port, plain, secure)
    process = subprocess.Popen(["nginx", "-c", str(main)], stderr=subprocess.DEVNULL)
    proxy = Proxy(plain, secure, folder / "access.log")

    def answers() -> bool:
        try:
            return proxy.ask("/health/live").status == 200
        except OSError:
            return False

    try:
        wait_until(answers)
        yield proxy
    finally:
        process.terminate()
        process.wait()


@needs_nginx
def test_visitors_reach_the_site_over_https_only(proxy: Proxy, site: WebServer) -> None:
    redirected = proxy.ask("/?q=pain", secure=False)
    assert redirected.status == 301
    assert redirected.headers["Location"] == f"https://{NAME}/?q=pain"
    answer = proxy.ask("/?q=pain")
    assert answer.status == 200
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    signed = proxy.ask("/account/sign-in/")
    assert "Secure" in (signed.headers["Set-Cookie"] or "")
    assert answer.headers["X-Request-ID"] in site.log.read_text()
    assert answer.headers["X-Request-ID"] in proxy.log.read_text()
    assert "pain" not in proxy.log.read_text()
    assert site.get("/about/").status == 301, "the site itself insists on it as well"


@needs_nginx
def test_headers_that_visitors_make_up_are_replaced(proxy: Proxy, site: WebServer) -> None:
    made_up = {"X-Forwarded-Proto": "http", "X-Request-ID": "made-up-by-a-visitor", "SCRIPT_NAME": "/health"}
    answer = proxy.ask("/about/", headers=made_up)
    assert answer.status == 200
    assert answer.headers["X-Request-ID"] != "made-up-by-a-visitor"
    token = {"Cookie": "csrftoken=" + "a" * 32, "Referer": f"https://{NAME}/", **FORM}
    statuses = [
        proxy.ask(
            "/account/sign-in/",
            "POST",
            {**token, "X-Forwarded-For": f"198.51.100.{number}"},
            f"csrfmiddlewaretoken={'a' * 32}&username=guess{number}&password=x".encode(),
        ).status
        for number in range(21)
    ]
    assert statuses[-1] == 429, "one visitor stays one visitor, whatever address the header names"


@needs_nginx
def test_large_bodies_reach_only_the_imports(proxy: Proxy, site: WebServer) -> None:
    body, imports = b"a" * 4_000_000, "/admin/determinations/importbatch/start/"
    assert proxy.ask("/account/sign-in/", "POST", FORM, body).status == 413
    refused = proxy.ask(imports, "POST", FORM, body)
    # nginx says 502 where the site has refused, and closed, before nginx had sent it all.
    assert refused.status in (413, 502)
    # The site itself refused it: nobody is signed in.
    wait_until(lambda: f"POST {imports} 413" in site.log.read_text())


@needs_nginx
def test_slow_clients_keep_nobody_waiting(proxy: Proxy) -> None:
    slow = [socket.create_connection(("127.0.0.1", proxy.plain)) for _ in range(200)]
    try:
        for client in slow:
            client.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        assert proxy.ask("/?q=pain").status == 200
        slow[0].settimeout(60)
        assert b"200" not in slow[0].recv(100), "nginx closes it, after 2 seconds here"
    finally:
        for client in slow:
            client.close()


@needs_nginx
def test_metrics_are_for_this_machine(proxy: Proxy) -> None:
    assert proxy.ask("/metrics").status == 404  # they are off; the proxy let the request through
    assert "deny all" in (DEPLOY / "nginx.conf").read_text()
