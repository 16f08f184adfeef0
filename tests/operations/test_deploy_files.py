"""The service units and the container recipe in deploy/, as far as this machine can check them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.importing.sites import ROOT

DEPLOY = ROOT / "deploy"
RECIPE = (DEPLOY / "Containerfile").read_text()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    units = [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]
    assert len(units) == 3
    for unit in units:
        text = unit.read_text().replace("/opt/imr/.venv/bin/python", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )
    named = [line for line in done.stderr.splitlines() if "imr" in line and "User" not in line]
    assert (done.returncode, named) == (0, [])


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not installed")
def test_hadolint_accepts_the_recipe() -> None:
    subprocess.run(["hadolint", "--ignore", "DL3008", str(DEPLOY / "Containerfile")], check=True)


def copied_into_the_container() -> list[str]:
    """Paths in the repository that the recipe copies."""
    lines = [line.split()[1:-1] for line in RECIPE.splitlines() if line.startswith("COPY")]
    return [path for paths in lines if not paths[0].startswith("--from") for path in paths]


def test_the_container_runs_without_rights_and_copies_what_is_there() -> None:
    lines = RECIPE.splitlines()
    assert lines.index("USER imr") > max(at for at, line in enumerate(lines) if line.startswith("COPY"))
    assert [line for line in lines if line.startswith("VOLUME")] == ["VOLUME /data"]
    for line in lines:
        if "pip install" in line:
            assert "--require-hashes" in line or "--no-deps /wheel/" in line
    kept = (DEPLOY / "Containerfile.dockerignore").read_text().split()
    for path in copied_into_the_container():
        assert (ROOT / path).exists(), path
        assert f"!{Path(path).parts[0]}" in kept


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda file: file.name)
def test_every_setting_exists(file: Path) -> None:
    known = set(re.findall(r"\bIMR_[A-Z_]+", (ROOT / "imrsite" / "settings.py").read_text()))
    assert set(re.findall(r"\bIMR_[A-Z_]+", file.read_text())) <= known
