"""The command as a whole: help, usage, and failures that say what to do."""

import subprocess
import sys
import textwrap

import pytest
from click.testing import CliRunner

from bot.cli.program import COMMANDS, program
from tests.cli.conftest import ROOT, Home


def test_help_names_every_command_and_loads_none(bare):
    ended = bare.heard("--help")
    assert ended.returncode == 0
    assert all(f"\n  {name} " in ended.stdout for name in COMMANDS)
    program = "import sys; from bot.cli import program; print([*sys.modules])"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert not [name for name in ("sqlalchemy", "telegram", "starlette") if f"'{name}'" in loaded]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name):
    ended = CliRunner().invoke(program, [name, "--help"], prog_name="heard")
    assert ended.exit_code == 0
    assert ended.output.startswith(f"Usage: heard {name}")
    assert COMMANDS[name].split()[0] in ended.output


@pytest.mark.parametrize(
    "typed",
    [
        ["nonsense"],
        ["backup"],
        ["staff", "add", "Sam"],
        ["staff", "add", "Sam", "--role", "king"],
        ["recover"],
        ["recover", "Sam", "--set-aside"],
    ],
)
def test_a_command_that_is_not_typed_right_ends_with_2(bare, typed):
    ended = bare.heard(*typed)
    assert ended.returncode == 2
    assert "Usage: heard" in ended.stderr


def test_settings_that_cannot_be_used_stop_every_command(bare):
    ended = bare.heard("staff", "list", HEARD_CONSOLE_PORT="x", HEARD_NATOIN="wales")
    assert ended.returncode == 1
    assert "HEARD_CONSOLE_PORT (environment): expected a whole number" in ended.stderr
    assert "did you mean HEARD_NATION?" in ended.stderr


def test_without_init_the_line_says_what_to_do(bare):
    for command in (["staff", "list"], ["doctor"], ["backup", "file"], ["init", "--upgrade"]):
        ended = bare.heard(*command)
        assert ended.returncode == 1
        assert "heard init" in ended.stdout + ended.stderr
        assert "Traceback" not in ended.stderr


def test_run_without_a_token_says_where_to_get_one(home):
    ended = home.heard("run")
    assert ended.returncode == 1
    assert "HEARD_TELEGRAM_TOKEN is missing" in ended.stderr


def test_no_terminal_and_no_option_for_the_passphrase_is_said(home):
    ended = home.heard("export", "--reason", "inspection", "--staff", "Sam Okoro")
    assert ended.returncode == 1
    assert "use --passphrase-stdin" in ended.stderr


def test_a_fault_of_our_own_shows_no_words(bare: Home):
    program = """
        import click
        from bot.cli import program
        @program.program.command("break")
        def command():
            raise KeyError("they hit me")
        program.COMMANDS["break"] = ""
        program.Commands.get_command = lambda self, ctx, name: command
        program.main(["break"])
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        env=bare.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "KeyError[" in ended.stderr
    assert "did not foresee" in ended.stderr
    assert "hit me" not in ended.stdout + ended.stderr
