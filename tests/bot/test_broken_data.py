"""Our own words and lists, broken by a slip of an editor: Heard does not start, and says where."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.test_app import ROOT, environment

# The file, what stands in it, what an editor made of that, and what the line says then.
SLIPS = {
    "a danger list that is no TOML": (
        *("danger/en.toml", "\n[now]\n", "\n[now\n"),
        ["en.toml: ", "at line"],
    ),
    "a part of danger that is misspelt": (
        *("danger/en.toml", "\n[now]\n", "\n[nwo]\n"),
        ["en.toml: nwo: there is no such part.", "en.toml: now: is missing."],
    ),
    "a line of danger with a group that is not there": (
        *("danger/en.toml", "\n[danger]\n", '\n[danger]\nslip = ["i am going to {nowhere}"]\n'),
        ["danger lists of en: there is no group {nowhere}."],
    ),
    "weights without their bias": (
        *("danger/en.weights.toml", "\nbias = ", "\nbais = "),
        ["en.weights.toml: bias is missing."],
    ),
    "a sentence that is missing": (
        *("wording/en.po", 'msgid "help.alarm"', 'msgid "help.alram"'),
        ["en: there is no sentence help.alarm."],
    ),
    "a placeholder that is lost": (
        *("wording/en.po", '"Sent. Your reference is {reference}.', '"Sent.'),
        ["en: talk.receipt", "reference"],
    ),
    "a topic with a source of harm that is not there": (
        *("topics.toml", "harms = [7]", "harms = [8]"),
        ["topics.toml: hurt names a source of harm that is not there."],
    ),
    "a theme that is there twice": (
        *("themes.toml", 'id = "stigma"', 'id = "systems"'),
        ["themes.toml: an id stands there twice."],
    ),
    "a crisis line without a number": (
        *("contacts/england.toml", 'number = "999"', 'nubmer = "999"'),
        ["england.toml: emergency: there is no field 'nubmer'."],
    ),
}


@pytest.fixture
def program(pattern, tmp_path):
    """The program beside its own copy of the data, and a trust that is ready to run."""
    for package in ("bot", "storage"):
        (tmp_path / package).symlink_to(ROOT / package)
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copytree(pattern, tmp_path / "trust", copy_function=shutil.copy2)
    return tmp_path


def started(program: Path) -> subprocess.CompletedProcess[str]:
    """`heard run`, until it ends by itself."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=program,
        env=env | environment(program / "trust"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("file", "was", "slip", "told"), SLIPS.values(), ids=SLIPS)
def test_a_slip_in_our_own_data_stops_the_start_and_is_named(program, file, was, slip, told):
    broken = program / "config" / file
    text = broken.read_text(encoding="utf-8")
    assert text.count(was) == 1
    broken.write_text(text.replace(was, slip), encoding="utf-8")
    ended = started(program)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("Error: ")
    faults = ended.stderr.removeprefix("Error: ").splitlines()  # a line each, and nothing else
    where = told[0].partition(": ")[0]
    assert all(one.startswith(f"{where}: ") for one in faults), ended.stderr
    assert all(one in ended.stderr for one in told), ended.stderr
