"""heard run: refuses to start unfit, answers commands while it runs, stops cleanly."""

import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.cli.conftest import PASSPHRASE, TOKEN


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@contextmanager
def running(home, telegram):
    """`heard run` in a process of its own; its log is what the block gets."""
    port = free_port()
    environment = home.environment(
        HEARD_TELEGRAM_TOKEN=TOKEN,
        HEARD_TELEGRAM_API=telegram,
        HEARD_CONSOLE_PORT=port,
        HEARD_CONSOLE_URL=f"http://127.0.0.1:{port}",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=home.folder,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    log = []
    try:
        for line in process.stderr:
            log.append(line)
            if line.endswith(" bot.app started\n"):
                break
        yield process, log
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_it_does_not_start_while_a_role_is_empty(home):
    ended = home.heard("run", HEARD_TELEGRAM_TOKEN=TOKEN, HEARD_TELEGRAM_API="http://127.0.0.1:9")
    assert ended.returncode == 1
    assert "Nobody with a key has the senior role." in ended.stderr
    assert "heard staff add" in ended.stderr


def test_a_token_that_telegram_does_not_know_ends_it_in_one_line(staffed, telegram):
    ended = staffed.heard(
        "run",
        HEARD_TELEGRAM_TOKEN="1000001:another",
        HEARD_TELEGRAM_API=telegram,
        HEARD_CONSOLE_PORT=free_port(),
    )
    assert ended.returncode == 1
    assert "Check HEARD_TELEGRAM_TOKEN with @BotFather" in ended.stderr
    assert "another" not in ended.stderr


def test_a_port_that_is_taken_ends_it_in_one_line(staffed, telegram):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ended = staffed.heard(
            "run",
            HEARD_TELEGRAM_TOKEN=TOKEN,
            HEARD_TELEGRAM_API=telegram,
            HEARD_CONSOLE_PORT=str(other.getsockname()[1]),
        )
    assert ended.returncode == 1
    assert "Address already in use" in ended.stderr or "address already in use" in ended.stderr
    assert "did not foresee" not in ended.stderr


def test_it_does_not_start_twice(staffed, telegram):
    with running(staffed, telegram):
        second = staffed.heard("run", HEARD_TELEGRAM_TOKEN=TOKEN, HEARD_TELEGRAM_API=telegram)
    assert second.returncode == 1
    assert "Another process uses" in second.stderr


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"HEARD_LANGUAGES": "en, pl, de"}, ["wording for 'pl'", "wording for 'de'"]),
        ({"HEARD_NATION": "wales"}, ["clocks of wales are not confirmed"]),
    ],
)
def test_a_language_or_a_nation_that_is_not_complete_ends_it_by_name(staffed, setting, told):
    ended = staffed.heard(
        "run", HEARD_TELEGRAM_TOKEN=TOKEN, HEARD_TELEGRAM_API="http://127.0.0.1:9", **setting
    )
    assert ended.returncode == 1
    assert all(one in ended.stderr for one in told)
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_commands_and_stops_cleanly(staffed, telegram, stop):
    with running(staffed, telegram) as (process, log):
        added = staffed.heard(
            "staff", "add", "Ann", "--role", "senior", "--passphrase-stdin", said=PASSPHRASE + "\n"
        )
        assert added.returncode == 0, added.stderr
        assert staffed.heard("doctor", "--quick").returncode == 0
        process.send_signal(stop)
        log.extend(process.stderr.readlines())
        assert process.wait(timeout=30) == 0
    assert log[-1].endswith(" bot.app stopped\n")
    assert TOKEN.partition(":")[2] not in "".join(log)
    assert not (staffed.folder / "heard.db.sock").exists()
    assert "Ann" in staffed.heard("staff", "list").stdout
