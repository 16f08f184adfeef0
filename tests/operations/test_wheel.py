"""The wheel holds all that the site needs and no more, and `imrsite` runs outside a checkout."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from imrsite import __version__
from imrsite.command_line import HELP, SHORT_NAMES
from tests.importing.sites import ROOT, kill_all, wait_until
from tests.operations.test_deploy_files import copied_into_the_container

COMMANDS = ROOT / "determinations" / "management" / "commands"
WITHIN_IMRSITE = ("templates", "static", "sample_letters")
LEFT_OUT = ("imrsite/settings_test.py", "sample_letters/__init__.py", "sample_letters/generator/")
WRONG_CODE = "raise SystemExit('code of the current folder')\n"


def done(*command: object, folder: Path = ROOT, status: int = 0, **environment: str) -> str:
    """What the command wrote, and that it ended with the given status."""
    run = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == status, run.stdout
    return run.stdout


def build(source: Path, into: Path) -> Path:
    """A wheel, without a network."""
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--disable-pip-version-check")
    done(sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", into, source)
    (wheel,) = into.glob("*.whl")
    return wheel


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_has_every_file_of_the_site_and_no_other(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "determinations", "imrsite", *WITHIN_IMRSITE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a Git checkout")
    kept = {
        path
        for path in listed.stdout.splitlines()
        if (ROOT / path).exists() and not path.startswith(LEFT_OUT)
    }
    assert {Path(path).suffix for path in kept} >= {".py", ".toml", ".json", ".txt", ".html", ".css", ".pdf"}
    assert names_in(wheel) == {
        f"imrsite/{path}" if path.startswith(WITHIN_IMRSITE) else path for path in kept
    }


def test_the_source_archive_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    done(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", tmp_path)
    (archive,) = tmp_path.glob("*.tar.gz")
    done("tar", "-xzf", archive, "-C", tmp_path)
    again = build(tmp_path / f"imrsite-{__version__}", tmp_path / "again")
    assert names_in(again) == names_in(wheel)


def test_what_the_container_recipe_copies_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    for path in copied_into_the_container():
        copy = tmp_path / "source" / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / path).is_dir():
            shutil.copytree(ROOT / path, copy, dirs_exist_ok=True)
        else:
            shutil.copy(ROOT / path, copy)
    assert names_in(build(tmp_path / "source", tmp_path / "again")) == names_in(wheel)


def test_the_help_names_every_command_of_the_site() -> None:
    commands = {path.stem for path in COMMANDS.glob("*.py")} - {"__init__"}
    named = set(re.findall(r"^  imrsite ([a-z_]+)", HELP, re.MULTILINE))
    assert {SHORT_NAMES.get(name, name) for name in named} >= commands


class Installation:
    """The wheel in a virtual environment that finds its dependencies in this one, and an account's home."""

    def __init__(self, wheel: Path, folder: Path) -> None:
        done(sys.executable, "-m", "venv", "--without-pip", folder / "env")
        python = folder / "env" / "bin" / "python"
        options = ("--no-deps", "--no-index", "--no-compile", "--quiet", "--disable-pip-version-check")
        done(sys.executable, "-m", "pip", "--python", python, "install", *options, wheel)
        (packages,) = (folder / "env" / "lib").glob("python*/site-packages")
        dependencies = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
        (packages / "dependencies.pth").write_text("\n".join(dependencies))
        self.program = python.with_name("imrsite")
        self.home = folder / "home"
        self.data = self.home / "data" / "imrsite"
        # Python must not take the site's code from the folder in which people happen to be.
        self.current = folder / "current"
        for package in ("imrsite", "determinations"):
            (self.current / package).mkdir(parents=True)
            (self.current / package / "__init__.py").write_text(WRONG_CODE)

    @property
    def environment(self) -> Mapping[str, str]:
        names = ("DJANGO_SETTINGS_MODULE", "PYTHONPATH", "HOST", "PORT")
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in names and not name.startswith("IMR_")
        }
        return {**kept, "HOME": str(self.home), "XDG_DATA_HOME": str(self.data.parent), "WEB_WORKERS": "1"}

    def run(self, *arguments: object, status: int = 0, **extra: str) -> str:
        run = subprocess.run(
            [self.program, *map(str, arguments)],
            cwd=self.current,
            env={**self.environment, **extra},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert run.returncode == status, run.stdout
        return run.stdout


@pytest.fixture(scope="module")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(wheel, tmp_path_factory.mktemp("installed"))


def test_help_and_version_make_no_data_directory(installation: Installation, tmp_path: Path) -> None:
    elsewhere = str(tmp_path)
    assert installation.run("--version", XDG_DATA_HOME=elsewhere) == f"imrsite {__version__}\n"
    assert f"Data: {tmp_path / 'imrsite'} " in installation.run(XDG_DATA_HOME=elsewhere)
    assert "IMR_ALLOWED_HOSTS" in installation.run("help", "settings", XDG_DATA_HOME=elsewhere)
    assert not any(tmp_path.iterdir())


def test_a_data_directory_that_cannot_be_used_is_named(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = installation.run("migrate", status=1, IMR_DATA_DIR=str(tmp_path / "file" / "data"))
    assert len(refused.splitlines()) == 1
    assert str(tmp_path / "file" / "data") in refused
    assert "IMR_DATA_DIR" in refused


def test_an_installed_site_imports_and_serves(installation: Installation) -> None:
    letter = next((ROOT / "sample_letters").rglob("CM*.txt"))
    assert "imrsite migrate" in installation.run("import", letter, status=1)
    installation.run("migrate", "--verbosity", "0")
    installation.run("import", letter)
    assert "usage: imrsite import " in installation.run("help", "import")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        site = f"http://127.0.0.1:{probe.getsockname()[1]}"
    log = installation.home / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [installation.program, "run", "--port", site.rpartition(":")[2]],
            cwd=installation.current,
            env=installation.environment,
            stdout=written,
            stderr=written,
            start_new_session=True,
        )
    try:

        def answers() -> bool:
            assert process.poll() is None, log.read_text()
            try:
                return bool(fetched(f"{site}/health/"))
            except OSError:  # it does not listen yet, or its worker has not started
                return False

        wait_until(answers)
        page = fetched(f"{site}/search/")
        assert letter.stem in page
        (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        assert re.search(r"/site\.[0-9a-f]{12}\.css$", sheet)
        assert fetched(f"{site}{sheet}")
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    finally:
        kill_all(process)
    assert str(installation.data) in log.read_text()
    assert (installation.data / "imr.sqlite3").exists()


def fetched(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310  (an address of this machine)
        return str(page.read(), "utf-8")
