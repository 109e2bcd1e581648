"""What an operator is given: units that systemd finds safe, an image that runs as nobody."""

import ast
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot.cli.program import COMMANDS
from config.settings import SETTINGS_TABLE

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = ("heard.service", "heard-backup.service", "heard-backup.timer")
MOST_EXPOSED = 1.5  # of 10; systemd calls less than 2 "OK"

systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


@pytest.fixture
def units(tmp_path):
    """The units, with a program that exists on this machine in Heard's place."""
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/opt/heard/bin/heard", "/bin/true"))
    return tmp_path


@systemd
def test_systemd_accepts_the_units(units):
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(f"./{name}" for name in UNITS)],
        cwd=units,
        capture_output=True,
        text=True,
        check=False,
    )
    own = [line for line in checked.stderr.splitlines() if "heard" in line]
    assert (checked.returncode, own) == (0, [])


@systemd
@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_systemd_finds_little_exposed(units, name):
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", f"./{name}"],
        cwd=units,
        capture_output=True,
        text=True,
        check=False,
    )
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", rated.stdout)
    assert level, rated.stderr
    print(f"\n{level[0]}")
    assert float(level[1]) <= MOST_EXPOSED


def settings_named(text):
    return set(re.findall(r"HEARD_[A-Z_]+", text))


@pytest.mark.parametrize("name", [*UNITS, "Containerfile", "compose.yaml", "README.md"])
def test_no_file_names_a_setting_that_does_not_exist(name):
    known = {"HEARD_CONFIG"} | {setting.variable for setting in SETTINGS_TABLE}
    known |= {setting.variable + "_FILE" for setting in SETTINGS_TABLE if setting.secret}
    assert settings_named((DEPLOY / name).read_text(encoding="utf-8")) <= known


def test_no_file_names_a_command_that_does_not_exist():
    for path in (*DEPLOY.iterdir(), ROOT / "README.md"):
        text = path.read_text(encoding="utf-8")
        typed = re.findall(
            r"^ {4}heard ([a-z]+)|`heard ([a-z]+)|bin/heard ([a-z]+)", text, re.MULTILINE
        )
        assert {name for names in typed for name in names if name} <= set(COMMANDS), path.name


def test_the_image_runs_as_nobody_and_asks_how_it_is():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d+$", last, re.MULTILINE)
    assert 'CMD ["heard", "doctor", "--quick"]' in last
    assert "--require-hashes" in text
    copied = re.findall(r"^COPY (?!--from)(\S+) ", text, re.MULTILINE)
    let_in = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    assert set(copied) == let_in
    assert all((ROOT / source).exists() for source in copied)


def test_the_compose_file_takes_away_what_is_not_needed():
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    for line in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "tmpfs:"):
        assert line in text
    assert '"127.0.0.1:8100:8100"' in text
    data, secrets = re.findall(r"- (\w+):/var/lib/heard(?:-secrets)?$", text, re.MULTILINE)
    assert data != secrets


def test_every_kind_of_data_file_is_packed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = {pattern[1:] for pattern in project["tool"]["setuptools"]["package-data"]["*"]}
    for folder in ("bot", "storage", "config"):
        for path in (ROOT / folder).rglob("*.*"):
            left_out = any(part[0] == "." or part == "__pycache__" for part in path.parts[-4:])
            if path.is_file() and not left_out:
                assert path.suffix in packed | {".py"}, path


def sounded(path):
    """The kinds of alarm that a file sounds, as constants."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".sound", "_alarm")):
            given = [one.value for one in node.args if isinstance(one, ast.Constant)]
            yield from (one for one in given[:1] if isinstance(one, str))
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_ALARM":
            yield node.value.value


def test_the_runbook_knows_every_alarm():
    sources = [path for folder in ("bot", "storage") for path in (ROOT / folder).rglob("*.py")]
    kinds = {kind for path in sources for kind in sounded(path)}
    runbook = (DEPLOY / "README.md").read_text(encoding="utf-8").partition("## Alarms")[2]
    assert len(kinds) >= 4
    assert {kind for kind in kinds if f"`{kind}`" not in runbook} == set()
