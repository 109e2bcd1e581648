"""The talk in a terminal: what is typed, what stands on the screen, what is handed in."""

import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from bot.cli import rehearsal
from bot.cli.session import WORDS, Session
from bot.cli.stage import Stage
from bot.cli.talk import HELP
from bot.cli.transcript import LineError
from bot.turns import clearing, nudges
from tests.cli.conftest import ROOT
from tests.dialogue.replay import replayed

TOLD = "They took my phone and nobody told me why."


@pytest.fixture(scope="module")
def stage():
    return Stage.load()


@pytest.fixture
def session(stage):
    return Session(stage)


def typed(session, *lines):
    for line in lines:
        session.play(session.typed(line))


def test_from_a_pipe_numbers_press_buttons_and_the_end_is_quiet(bare):
    ended = bare.heard("talk", said="hi\n1\n")
    assert ended.returncode == 0 and not ended.stderr
    assert "[1] Choose from a list" in ended.stdout
    assert "> 1\n\n  | What is it about?" in ended.stdout


def test_what_is_saved_is_a_transcript_test_that_passes(bare):
    lines = [
        f":note Somebody waits.\n{TOLD}",
        "1",
        ":wait 2d",
        ":file photo 20MB",
        "/help",
        ":help",
    ]
    ended = bare.heard("talk", "--save", "mine.txt", said="\n".join(lines))
    assert ended.returncode == 0, ended.stderr
    text = (bare.folder / "mine.txt").read_text(encoding="utf-8")
    assert text.startswith("# Somebody waits.\n\nPERSON: They took")
    assert replayed(text) == text
    assert {"TAP: Send", "LATER: 2d", "SENDS: photo 20MB", "COMMAND: help"} <= {*text.splitlines()}
    again = bare.heard("talk", "--save", "mine.txt", said="hello\n")
    assert again.returncode == 2 and "there already" in again.stderr


def test_ctrl_c_keeps_what_was_played(bare):
    talk = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "talk", "--save", "mine.txt"],
        cwd=bare.folder,
        env=bare.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    talk.stdin.write("hello\n")
    talk.stdin.flush()
    while "Get help now" not in talk.stdout.readline():
        pass
    talk.send_signal(signal.SIGINT)
    talk.communicate(timeout=30)
    assert talk.returncode == 0
    assert "PERSON: hello" in (bare.folder / "mine.txt").read_text(encoding="utf-8")


def test_a_line_that_cannot_be_played_changes_nothing(session):
    typed(session, TOLD)
    before = session.phone.talk
    bad = (":bogus", ":wait soon", ":tap No such button", ":staff outcome", ":file photo big")
    for line in (*bad, ":edit", ":places one", ":again x words"):
        with pytest.raises(LineError):
            typed(session, line)
    assert session.phone.talk == before
    assert session.lines == [f"PERSON: {TOLD}"]


def test_a_number_without_a_button_is_words(session):
    typed(session, TOLD, "42", ":say 1", ":(")
    assert session.lines[1:] == ["PERSON: 42", "PERSON: 1", "PERSON: :("]


def test_undo_goes_back_as_if_it_had_not_been(session, stage):
    typed(session, TOLD, "1", "1")
    session.undo()
    other = Session(stage)
    typed(other, TOLD, "1")
    assert session.phone.talk == other.phone.talk
    assert session.transcript() == other.transcript()
    session.undo()
    session.undo()
    with pytest.raises(LineError):
        session.undo()


def test_a_draft_that_waits_is_reminded_of_once(session):
    typed(session, TOLD)
    assert len(session.play("LATER: 23h")) == 1
    assert session.play("LATER: 3w") == []
    typed(session, ":tap No more reminders", "and more")
    assert session.play("LATER: 2d") == []


def test_staff_move_the_newest_concern(session):
    typed(session, TOLD, ":tap Send", ":tap Rowan Ward", ":tap No, send it", ":staff outcome")
    assert session.lines[-1] == f"STAFF: {session.phone.concerns[0].reference} outcome"
    typed(session, ":outcome yes")
    assert session.phone.concerns[0].state == "closed"


def test_help_names_everything_that_can_be_typed():
    unsaid = {"send", "open", "again", "languages", "old"}
    assert not [name for name in WORDS if f":{name}" not in HELP and name not in unsaid]


def test_the_rehearsal_holds_to_what_the_shells_do():
    assert rehearsal.AWAY == clearing.AWAY == timedelta(days=1)
    assert rehearsal.DELETABLE == clearing.DELETABLE - clearing.MARGIN
    assert rehearsal.NUDGE_AFTER == nudges.AFTER


def test_it_begins_without_the_web_the_database_or_telegram():
    program = "import sys; from bot.cli import talk, script; print([*sys.modules])"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert not [name for name in ("sqlalchemy", "telegram", "starlette") if f"'{name}'" in loaded]
