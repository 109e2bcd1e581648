"""Both engines for real: an SQLite file, and a PostgreSQL that the tests start themselves."""

from __future__ import annotations

import os
import pwd
import secrets as chance
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage import concerns, conversations, meta, migrate, staff
from storage.engine import Store
from storage.sealing import KeyPair, key_pair_from_seed, seed_from_code
from storage.secrets import Secrets
from tests.storage.builders import CHEAP, NOW, new_chat, new_id

psycopg = pytest.importorskip("psycopg")

ENGINES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Server:
    """A PostgreSQL on a Unix socket, and the name of a migrated database in it."""

    sockets: Path
    template: str

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://heard@/{database}?host={self.sockets}"

    def run(self, statement: str) -> None:
        where = f"host={self.sockets} user=heard dbname=postgres"
        with psycopg.connect(where, autocommit=True) as conn:
            conn.execute(statement)


def _binaries() -> Path:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name)
    )
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL must be installed where CI=true")
        pytest.skip("no PostgreSQL on this machine")
    return found[-1]


def _unprivileged() -> dict[str, object]:
    """PostgreSQL refuses to run as root; give it whoever else there is."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    who = known.get("postgres") or known["nobody"]
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    programs, who = _binaries(), _unprivileged()
    home = Path(tempfile.mkdtemp(prefix="heard-pg-"))
    if who:
        os.chown(home, who["user"], who["group"])
    data, log = home / "data", home / "log"

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [programs / program, *arguments],
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            check=False,
            **who,
        )
        kept = log.read_text() if log.exists() else (done.stderr or b"").decode()
        assert done.returncode == 0, kept

    options = f"-k {home} -c listen_addresses= -c fsync=off -c full_page_writes=off"
    try:
        run("initdb", "-D", str(data), "-U", "heard", "-A", "trust", "-E", "UTF8", "-N")
        run("pg_ctl", "-D", str(data), "-l", str(log), "-w", "-o", options, "start")
        yield Server(home, "heard_template")
        run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def templates() -> dict[str, object]:
    """What was migrated already, by engine: each is migrated once, then copied."""
    return {}


@pytest.fixture(params=ENGINES)
def engine(request) -> str:
    return request.param


@pytest.fixture
async def url(engine, request, tmp_path, templates, tmp_path_factory) -> AsyncIterator[str]:
    """A fresh, migrated database."""
    if engine == "sqlite":
        if engine not in templates:
            templates[engine] = tmp_path_factory.mktemp("template") / "heard.db"
            await migrate.upgrade(f"sqlite+aiosqlite:///{templates[engine]}")
        shutil.copyfile(templates[engine], tmp_path / "heard.db")
        yield f"sqlite+aiosqlite:///{tmp_path / 'heard.db'}"
        return
    server = request.getfixturevalue("server")
    if engine not in templates:
        server.run(f"CREATE DATABASE {server.template}")
        await migrate.upgrade(server.url(server.template))
        templates[engine] = server.template
    name = f"test_{chance.token_hex(6)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE {server.template}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def bare_url(engine, request, tmp_path) -> Iterator[str]:
    """A database that was never migrated."""
    if engine == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'bare.db'}"
        return
    server = request.getfixturevalue("server")
    name = f"bare_{chance.token_hex(6)}"
    server.run(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def made_secrets(tmp_path) -> tuple[Secrets, str]:
    return Secrets.create(tmp_path / "secrets")


@pytest.fixture
def secrets(made_secrets) -> Secrets:
    return made_secrets[0]


@pytest.fixture
def recovery(made_secrets) -> KeyPair:
    return key_pair_from_seed(seed_from_code(made_secrets[1]))


@pytest.fixture
async def store(url, secrets):
    opened = await Store.open(url)
    async with opened.write() as conn:
        await meta.put(conn, meta.RECOVERY_PUBLIC, secrets.recovery_public)
    yield opened
    await opened.close()


@pytest.fixture
def enrol(store, secrets):
    """Adds a member of staff with a cheap passphrase; returns their id and private half."""

    async def add(name: str = "", teams=(("north", "answerer"),)) -> tuple[str, bytes]:
        member = new_id()
        keys = staff.new_keys(member, "a passphrase", CHEAP)
        row = staff.StaffRow(
            member, name or member, keys.public, keys.private_locked, True, False, tuple(teams)
        )
        async with store.write() as conn:
            await staff.add_with_keys(conn, secrets, row, NOW)
        return member, staff.unlock(row, "a passphrase")

    return add


@pytest.fixture
def greet(store, secrets):
    """Makes a conversation for each chat; returns their ids in order."""

    async def make(*chat_ids: int) -> list[str]:
        changes = [new_chat(chat_id) for chat_id in chat_ids]
        async with store.write() as conn:
            await conversations.save(conn, secrets, changes, NOW)
        return [change.id for change in changes]

    return make


@pytest.fixture
def send(store, secrets):
    """Sends concerns in one transaction; returns the first one's id."""

    async def given(*new: concerns.NewConcern) -> str:
        async with store.write() as conn:
            await concerns.send(conn, secrets, new)
        return new[0].id

    return given
