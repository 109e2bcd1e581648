"""Commands while Heard runs: they go through it, and only its owner can reach it."""

import asyncio
import json
import stat
import subprocess
import sys
from contextlib import asynccontextmanager

import pytest

from bot.admin import socket
from bot.admin.commands import OPERATIONS
from bot.admin.model import Hands, Refused
from bot.clock import SystemClock
from config.settings import load
from storage.engine import Store
from tests.cli.conftest import PASSPHRASE


class Heard:
    """What an operation said."""

    def __init__(self):
        self.lines = []
        self.told = []

    async def line(self, text):
        self.lines.append(text)

    async def progress(self, text):
        self.told.append(text)


@asynccontextmanager
async def running(home, operations=OPERATIONS):
    """A process that owns the database and answers at its socket: this one."""
    settings = load({"HEARD_CONFIG": str(home.folder / "heard.toml"), "HEARD_DATABASE": home.url})
    store = await Store.open(settings.database)
    path = socket.path_of(settings)
    hands = Hands(settings, home.secrets, store, SystemClock())
    try:
        async with socket.serving(path, hands, operations):
            yield path
    finally:
        await store.close()


async def typed(home, *arguments, said=""):
    """A command in a process of its own, while this one goes on."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        cwd=home.folder,
        env=home.environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    out, err = await child.communicate(said.encode())
    return child.returncode, out.decode(), err.decode()


async def test_every_command_works_while_heard_runs(home):
    home_file = home.folder / "kept.heard-backup"
    async with running(home):
        status, out, err = await typed(
            home, "staff", "add", "Ann", "--role", "senior", "--passphrase-stdin",
            said=PASSPHRASE + "\n",
        )  # fmt: skip
        assert (status, out) == (0, "Added Ann: senior.\n"), err
        status, out, err = await typed(home, "backup", "kept.heard-backup")
        assert status == 0, err
        assert home_file.exists()
        assert "Writing the backup" in err
        status, out, err = await typed(home, "doctor", "--quick")
        assert status == 0, err
        status, out, err = await typed(
            home, "recover", "Ann", "--with", "Jo Bell", "--code-stdin", "--passphrase-stdin",
            said=f"{home.code}\n{PASSPHRASE}\nvelvet harbour ninety quilt\n",
        )  # fmt: skip
        assert status == 0, err


async def test_a_refusal_comes_through_with_its_words_and_status(home):
    async with running(home):
        status, _, err = await typed(
            home, "staff", "add", "Jo Bell", "--role", "senior", "--passphrase-stdin",
            said=PASSPHRASE + "\n",
        )  # fmt: skip
    assert status == 1
    assert "There is a member of staff called Jo Bell already." in err


async def test_the_socket_is_for_its_owner_alone_and_goes_with_the_process(home):
    async with running(home) as path:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_ISSOCK(path.stat().st_mode)
    assert not path.exists()


async def test_a_socket_left_by_a_crash_hinders_nobody(home):
    async with running(home) as path:
        pass
    socket._bound(path).close()
    assert path.exists()
    status, _, err = await typed(home, "staff", "list")
    assert status == 0, err
    async with running(home):
        assert (await typed(home, "doctor", "--quick"))[0] == 0


async def test_a_busy_database_without_a_socket_is_said(home):
    async with running(home) as path:
        path.unlink()
        status, _, err = await typed(home, "staff", "list")
    assert status == 1
    assert "Another process uses" in err


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"nonsense\n", b"[]\n", b'{"do": "drop", "ask": {}}\n', b'{"do": 1}\n']
)
async def test_what_is_no_command_is_refused(home, raw):
    async with running(home) as path:
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(raw)
        writer.write_eof()
        answer = json.loads(await reader.readline())
        writer.close()
        await writer.wait_closed()
    assert "does not know" in answer["refused"]


async def test_a_line_too_long_to_be_a_command_ends_the_connection_not_heard(home):
    async with running(home) as path:
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b"x" * 2 * socket.LONGEST_ASK)
        writer.write_eof()
        await reader.read()
        writer.close()
        assert (await typed(home, "doctor", "--quick"))[0] == 0


async def test_a_command_that_breaks_does_not_take_heard_with_it(home):
    async def breaks(hands, ask, say):
        await say.line("begun")
        raise KeyError("they hit me")

    heard = Heard()
    async with running(home, {**OPERATIONS, "break": breaks}) as path:
        with pytest.raises(Refused) as refused:
            await socket.send(path, "break", {}, heard)
        await socket.send(path, "alive", {}, heard)
    assert heard.lines[0] == "begun"
    assert "KeyError" in str(refused.value)
    assert "hit me" not in str(refused.value)


async def test_a_stop_in_the_middle_of_a_command_is_told(home):
    begun = asyncio.Event()

    async def endless(hands, ask, say):
        begun.set()
        await asyncio.Event().wait()

    async with running(home, {"endless": endless}) as path:
        waiting = asyncio.create_task(socket.send(path, "endless", {}, Heard()))
        await begun.wait()
    with pytest.raises(Refused, match="stopped before it was done"):
        await waiting


async def test_a_database_deep_in_folders_has_a_socket_too(home, tmp_path):
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 6)
    deep.mkdir(parents=True)
    path = deep / "heard.db.sock"
    heard = Heard()
    settings = load({})
    store = await Store.open(home.url)
    hands = Hands(settings, home.secrets, store, SystemClock())
    async with socket.serving(path, hands, OPERATIONS):
        await socket.send(path, "alive", {}, heard)
    await store.close()
    assert heard.lines
    assert not path.exists()
