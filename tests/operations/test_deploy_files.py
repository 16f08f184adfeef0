"""The service units and the container recipe in deploy/, as far as this machine can check them."""

import ast
import os
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
    assert len(units) == 6
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
    extras = re.findall(r'^ARG EXTRAS="(.*)"$', RECIPE, re.MULTILINE)
    assert {"postgresql", "s3"} <= set(extras[0].split())
    for extra in extras[0].split():
        assert (ROOT / "requirements" / f"{extra}.txt").exists()
    kept = (DEPLOY / "Containerfile.dockerignore").read_text().split()
    for path in copied_into_the_container():
        assert (ROOT / path).exists(), path
        assert f"!{Path(path).parts[0]}" in kept


def test_the_container_is_run_with_commands_and_folders_that_it_has() -> None:
    assert "manage.py" not in RECIPE  # the wheel has none
    for role in ("web", "worker", "follow"):
        assert f"`imrsite {role}`" in RECIPE
    for variable in ("IMR_DATA_DIR", "HOST"):  # which imr.env sets for a machine
        inside = re.findall(rf"^ENV .*\b{variable}=(\S+)", RECIPE, re.MULTILINE)
        assert re.findall(rf"^# .*--env {variable}=(\S+)", RECIPE, re.MULTILINE) == inside != []


def settings_of(unit: Path) -> list[str]:
    return [line for line in unit.read_text().splitlines() if "=" in line and not line.startswith("#")]


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("*.service")), ids=lambda unit: unit.name)
def test_a_unit_can_connect_to_a_database_on_another_machine(unit: Path) -> None:
    """libpq looks for a certificate in the account's home, and gives up where it may not look."""
    found = settings_of(unit)
    assert "ProtectHome=tmpfs" in found
    assert "PrivateNetwork=yes" not in found


def test_commands_run_as_the_services_do() -> None:
    """The same account, settings, folder, and view of files."""
    script = (DEPLOY / "imr-manage").read_text()
    assert os.access(DEPLOY / "imr-manage", os.X_OK)
    given = {f"{name}={value}" for name, value in re.findall(r"--property=(\w+)=(\S+)", script)}
    given |= {f"{name.capitalize()}={value}" for name, value in re.findall(r"--([ug]id)=(\S+)", script)}
    given = {each.replace("Uid=", "User=").replace("Gid=", "Group=") for each in given}
    assert {"User=imr", "EnvironmentFile=/etc/imr/imr.env", "ProtectHome=tmpfs"} <= given
    assert given <= set(settings_of(DEPLOY / "imr.service"))


def test_every_unit_runs_a_command_that_exists() -> None:
    units = {unit.name: unit.read_text() for unit in DEPLOY.glob("*.service")}
    commands = {name: re.findall(r"manage\.py (\w+)$", text, re.MULTILINE) for name, text in units.items()}
    assert {"imr.service", "imr-web.service", "imr-worker.service", "imr-follow.service"} <= set(commands)
    for name, found in commands.items():
        assert len(found) == 1, name
        assert (ROOT / "determinations" / "management" / "commands" / f"{found[0]}.py").exists()
    assert {name: found[0] for name, found in commands.items() if name.startswith("imr-")} == {
        "imr-web.service": "web",
        "imr-worker.service": "worker",
        "imr-follow.service": "follow",
        "imr-check-originals.service": "check_originals",
    }


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda file: file.name)
def test_every_setting_exists(file: Path) -> None:
    known = set(re.findall(r"\bIMR_[A-Z_]+", (ROOT / "imrsite" / "settings.py").read_text()))
    assert set(re.findall(r"\bIMR_[A-Z_]+", file.read_text())) <= known


def test_the_list_of_settings_has_every_setting_of_the_example() -> None:
    described = ast.get_docstring(ast.parse((ROOT / "imrsite" / "settings.py").read_text())) or ""
    example = set(re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "imr.env").read_text(), re.MULTILINE))
    listed = set(re.findall(r"\b[A-Z_]+\b", described))
    assert {"HOST", "AWS_ACCESS_KEY_ID"} <= example
    assert example - listed == set()
    assert {"PORT", "WEB_WORKERS"} <= listed
