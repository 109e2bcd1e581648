"""A ward with its console: real keys, a real SQLite file, the real desk, HTTP on loopback."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from bot.casework.model import DueKind, Level, State
from bot.casework.promises import ENGLAND
from bot.casework.working_days import Calendar
from bot.clock import MovableClock
from bot.console.app import application, build_console
from bot.console.halfway import Halfway
from bot.console.sessions import Sessions
from bot.console.throttle import OVERALL, PER_CODE, PER_NAME, Throttle
from bot.desk.desk import Desk
from bot.turns.house import House
from bot.turns.languages import Languages
from bot.turns.people import as_member
from bot.web import WebServer
from config import contacts
from config.log import _Handler, _Narrow
from config.settings import load
from config.wording import Wording
from storage import concerns, conversations, meta, migrate, staff, wraps
from storage.concerns import NewConcern, NewPart
from storage.conversations import ConversationChange
from storage.engine import Store
from storage.outbox import unlock_body
from storage.schema import concerns as stored_concerns
from storage.schema import outbox
from storage.schema import wraps as stored_wraps
from storage.sealing import Argon2Cost
from storage.secrets import Secrets
from storage.staff import StaffRow
from tests.console.annas_desk import MOTHER, PAGE
from tests.console.browsing import Browser, passphrase_of

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # a Wednesday morning
CHEAP = Argon2Cost(memory_kib=1024, passes=1, lanes=1)
STAFF = {
    "Anna Osei": (("willow", "answerer"),),
    "Ben Marsh": (("willow", "reader"),),
    "Cleo Hart": (("willow", "lead"),),
    "Dev Rao": (("birch", "answerer"), ("birch", "lead")),
    "Ines Bell": (("*", "independent"),),
}


class Seconds:
    """Real time, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Ward:
    """Everything behind the console, and the console itself."""

    store: Store
    keys: Secrets
    desk: Desk
    clock: MovableClock
    seconds: Seconds
    settings: object
    ids: dict[str, str]
    server: WebServer | None = None
    browsers: list[Browser] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.settings.console_url

    def browser(self) -> Browser:
        browser = Browser(self.url)
        self.browsers.append(browser)
        return browser

    async def signed_in(self, name: str) -> Browser:
        browser = self.browser()
        answer = await browser.sign_in(name)
        assert answer.status == 303
        return browser

    async def member(self, name: str):
        async with self.store.read() as conn:
            return as_member(await staff.by_name(conn, self.keys, name))

    async def queued_texts(self) -> list[str]:
        """What waits to be sent, opened as the sender opens it."""
        async with self.store.read() as conn:
            rows = (await conn.execute(select(outbox))).all()
        return [json.loads(unlock_body(self.keys, row))["text"] for row in rows]

    async def mark(self, reference: str, **columns: object) -> str:
        """Put a concern where the turns put it; returns its id."""
        known = stored_concerns.c.reference == reference
        async with self.store.write() as conn:
            await conn.execute(update(stored_concerns).where(known).values(**columns))
            return (await concerns.by_reference(conn, [reference]))[reference].id

    async def give_new_keys(self, name: str, reference: str) -> None:
        """As after a lost passphrase: new keys, and the concern again through a colleague."""
        member = self.ids[name]
        pair = staff.new_keys(member, passphrase_of(name), CHEAP)
        async with self.store.write() as conn:
            cleo = await staff.by_name(conn, self.keys, "Cleo Hart")
            concern = (await concerns.by_reference(conn, [reference]))[reference].id
            await staff.set_keys(conn, member, pair.public, pair.private_locked)
            await conn.execute(delete(stored_wraps).where(stored_wraps.c.reader_id == member))
            private = staff.unlock(cleo, passphrase_of(cleo.name))
            await wraps.pass_on(conn, concern, cleo.id, private, frozenset({member}))

    def console(self):
        """The console with the test's seconds in place of the machine's."""
        console = build_console(self.desk, self.store, self.keys, self.settings, self.clock)
        return replace(
            console,
            sessions=Sessions(self.seconds, lambda _seconds, _call: None),
            halfway=Halfway(self.seconds, lambda _seconds, _call: None),
            codes=Throttle(PER_CODE, self.seconds),
            seconds=self.seconds,
            names=Throttle(PER_NAME, self.seconds),
            everyone=Throttle(OVERALL, self.seconds),
        )

    async def open_doors(self, console=None) -> None:
        app = application(console or self.console())
        self.server = WebServer(app, "127.0.0.1", self.settings.console_port)
        await self.server.start()

    async def restart(self) -> None:
        """The console's process dies and comes back: all that was in memory is gone."""
        await self.server.stop()
        await self.open_doors()

    async def raise_concern(
        self,
        words: str,
        *,
        reference: str = "QK7M-4TXA",
        team: str = "willow",
        kept_from=(),
        who: str = "me",
        said: tuple[tuple[str, str], ...] = (),
        person: str = "",
        readers: frozenset[str] = frozenset(),
    ) -> str:
        """A concern, sealed as the turns seal it, from a person of its own (or `person`, the id of
        a conversation that is there already); to `readers`, by id, or to those of STAFF."""
        conversation = person or secrets.token_hex(16)
        concern, now = secrets.token_hex(16), self.clock.now()
        parts = tuple(
            NewPart(secrets.token_hex(16), concern, kind, None, now, text.encode())
            for kind, text in (("words", words), ("for-whom", who), *said)
        )
        new = NewConcern(
            id=concern,
            reference=reference,
            team=team,
            state=State.SENT,
            level=int(Level.TEAM),
            sent_at=now,
            due_at=now + timedelta(days=2),
            due_kind=DueKind.ACKNOWLEDGE,
            conversation_id=conversation,
            parts=parts,
            excluded=frozenset(self.ids[name] for name in kept_from),
            readers=readers
            or frozenset(
                self.ids[name]
                for name, held in STAFF.items()
                if any(where in (team, "*") for where, _ in held)
            ),
        )
        chat = ConversationChange(
            id=conversation,
            chat_id=secrets.randbelow(2**40),
            version=0,
            talk=b"{}",
            own=b"{}",
            unreachable=False,
            due_at=None,
            due_kind=None,
            new_key=True,
            add_parts=(),
            drop_parts=False,
        )
        async with self.store.write() as conn:
            await conversations.save(conn, self.keys, [] if person else [chat], now)
            await concerns.send(conn, self.keys, [new])
        return reference


@pytest.fixture(scope="session")
def built_once(tmp_path_factory) -> Path:
    """Keys and staff take seconds of Argon2id to make; every test gets a copy."""
    folder = tmp_path_factory.mktemp("ward")
    with ThreadPoolExecutor(1) as apart:  # pytest's own loop stays out of it
        apart.submit(asyncio.run, build(folder)).result()
    return folder


def database(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'heard.db'}"


async def build(folder: Path) -> None:
    keys, _code = Secrets.create(folder / "secrets")
    await migrate.upgrade(database(folder))
    store = await Store.open(database(folder))
    async with store.write() as conn:
        await meta.put(conn, meta.RECOVERY_PUBLIC, keys.recovery_public)
        for name, held in STAFF.items():
            member = secrets.token_hex(16)
            pair = staff.new_keys(member, passphrase_of(name), CHEAP)
            row = StaffRow(member, name, pair.public, pair.private_locked, True, False, held)
            await staff.add_with_keys(conn, keys, row, NOW)
    await store.close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def log():
    """Everything that is logged, as Heard's own handler writes it."""
    stream = StringIO()
    handler = _Handler(stream)
    handler.setFormatter(_Narrow())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
async def ward(built_once, tmp_path):
    async with opened_ward(built_once, tmp_path) as ward:
        yield ward


@asynccontextmanager
async def opened_ward(built_once: Path, tmp_path: Path, languages: str = "en"):
    """A ward of its own, from what was built once."""
    folder = tmp_path / "ward"
    shutil.copytree(built_once, folder, copy_function=shutil.copy2)
    port = free_port()
    settings = load(
        {
            "HEARD_CONSOLE_URL": f"http://127.0.0.1:{port}",
            "HEARD_CONSOLE_PORT": str(port),
            "HEARD_ORGANISATION": "Northmoor Mental Health",
            "HEARD_SECOND_FACTOR": "offered",
            "HEARD_CONFIG": str(settings_file(tmp_path)),
        }
    )
    house = House(
        organisation=settings.organisation,
        bot_id=1,
        teams=settings.teams,
        languages=Languages.of(
            [Wording.load(language=one) for one in languages.split()], contacts.load()
        ),
        calendar=Calendar("Europe/London", frozenset()),
        clocks=ENGLAND,
        console_url=settings.console_url,
    )
    keys = Secrets.load(folder / "secrets")
    store = await Store.open(database(folder))
    try:
        async with store.read() as conn:
            ids = {row.name: row.id for row in await staff.everyone(conn, keys)}
        clock = MovableClock(NOW)
        desk = Desk(store, keys, house, clock, lambda: None)
        ward = Ward(store, keys, desk, clock, Seconds(), settings, ids)
        await ward.open_doors()
        yield ward
        for browser in ward.browsers:
            await browser.http.close()
        await ward.server.stop()
    finally:
        await store.close()


def settings_file(folder: Path) -> Path:
    file = folder / "heard.toml"
    file.write_text(
        '[[teams]]\nid = "willow"\nname = "Willow Ward"\n'
        '[[teams]]\nid = "birch"\nname = "Birch Community Team"\n'
    )
    return file


@pytest.fixture
async def anna(ward):
    await ward.raise_concern(MOTHER)
    browser = await ward.signed_in("Anna Osei")
    await browser.get(PAGE)
    return browser
