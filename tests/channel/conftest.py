"""The channel between a sandbox on loopback and a real SQLite file."""

import asyncio
from datetime import UTC, datetime

import aiohttp
import pytest
from sqlalchemy import select, update

from bot.channel.application import build, connect
from bot.channel.delivery import Delivery
from bot.channel.fixed import Fixed
from bot.channel.intake import Intake
from bot.channel.limits import Limits
from bot.channel.sender import IN_FLIGHT, Post, Sender
from bot.sandbox import SandboxOptions, SandboxServer
from bot.turns.arrival import Answered
from storage import conversations, outbox, seen
from storage.conversations import ConversationChange
from storage.engine import Store
from storage.migrate import upgrade
from storage.outbox import NewMessage
from storage.schema import outbox as table
from storage.secrets import Secrets

TOKEN = "1000001:sandbox-token"
BOT_ID = 1000001


class People:
    """The people's side of the sandbox, over HTTP."""

    def __init__(self, session, server):
        self.session = session
        self.world = server.world

    async def post(self, path, **body):
        async with self.session.post(path, json=body) as answer:
            got = await answer.json()
            assert answer.status == 200, got
            return got

    async def new(self, count=1):
        """People who have pressed Start; what they sent by that is not waiting any more."""
        names = [f"Person {number}" for number in range(count)]
        made = (await self.post("/people", names=names))["people"]
        for person in made:
            await self.post(f"/people/{person['id']}/start")
        self.world.updates.clear()
        return [person["id"] for person in made]

    async def say(self, person, text):
        await self.post(f"/people/{person}/say", text=text)

    async def update(self, **update):
        await self.post("/control/update", update=update)

    async def fault(self, **fault):
        await self.post("/control/faults", **fault)

    def told(self, chat=None):
        """The texts that reached phones, in order."""
        return [one["text"] for one in self.world.sent if chat in (None, one["chat_id"])]

    async def hears(self, count):
        """Wait until so many messages have reached phones."""
        since = 0
        async with asyncio.timeout(30):
            while len(self.world.sent) < count:
                await self.world.news.wait(since, None, 5)
                since = self.world.news.counter

    @property
    def pending(self):
        return len(self.world.updates)


class Ledger:
    """The smallest turn: it saves the ids of what it takes, for real, and remembers what it saw."""

    def __init__(self, store):
        self.store = store
        self.commits = []  # how many arrivals each held
        self.taken = []
        self.failures = 0
        self.changed = asyncio.Condition()
        self.then = None  # awaited after each commit, before its arrivals are acknowledged

    async def take(self, arrivals):
        ids = [arrival.update_id for arrival in arrivals]
        try:
            async with self.store.write() as conn:
                new = await seen.unseen(conn, BOT_ID, ids)
                await seen.remember(conn, BOT_ID, sorted(new), datetime.now(UTC))
        except Exception:
            self.failures += 1
            await self._tell()
            raise
        self.commits.append(len(ids))
        self.taken += [arrival for arrival in arrivals if arrival.update_id in new]
        await self._tell()
        if self.then is not None:
            await self.then()
        return [Answered(arrival.update_id, arrival.callback_id) for arrival in arrivals]

    async def until(self, condition):
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(condition), 20)

    def inputs(self, chat=None):
        return [
            one
            for arrival in self.taken
            if chat in (None, arrival.chat_id)
            for one in arrival.inputs
        ]

    async def _tell(self):
        async with self.changed:
            self.changed.notify_all()


class Outbox:
    """Rows in the real outbox, for people who have a conversation."""

    def __init__(self, store, secrets):
        self.store = store
        self.secrets = secrets

    async def meet(self, chats):
        """A conversation for each of these chats; their recipients, in the same order."""
        changes = [
            ConversationChange(f"{chat:032x}", chat, version=0, talk=b"", own=b"", new_key=True)
            for chat in chats
        ]
        async with self.store.write() as conn:
            await conversations.save(conn, self.secrets, changes, datetime.now(UTC))
        return [f"c:{change.id}" for change in changes]

    async def put(self, *messages):
        """Rows of (recipient, lane, body)."""
        rows = [NewMessage(recipient, lane, body) for recipient, lane, body in messages]
        async with self.store.write() as conn:
            await outbox.put(conn, self.secrets, rows, datetime.now(UTC))

    async def damage(self, recipient):
        """One bit of a row's sealed body flips."""
        mine = table.c.recipient == recipient
        async with self.store.write() as conn:
            sealed = (await conn.execute(select(table.c.body).where(mine))).scalar_one()
            spoilt = sealed[:-1] + bytes([sealed[-1] ^ 1])
            await conn.execute(update(table).where(mine).values(body=spoilt))

    async def waiting(self):
        async with self.store.read() as conn:
            return await outbox.waiting(conn)


@pytest.fixture
async def sandbox():
    server = SandboxServer(TOKEN, SandboxOptions(limits=False, webhook_pause=0.01, people=()))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def people(sandbox):
    async with aiohttp.ClientSession(sandbox.url) as session:
        yield People(session, sandbox)


@pytest.fixture
async def application(sandbox):
    application = build(TOKEN, sandbox.url)
    await connect(application)
    yield application
    await application.shutdown()


@pytest.fixture
def bot(application):
    return application.bot


@pytest.fixture
def url(tmp_path):
    return f"sqlite+aiosqlite:///{tmp_path / 'heard.db'}"


@pytest.fixture
async def store(url):
    await upgrade(url)
    store = await Store.open(url)
    yield store
    await store.close()


@pytest.fixture
def secrets(tmp_path):
    return Secrets.create(tmp_path / "secrets")[0]


@pytest.fixture
async def ledger(store, url):
    ledger = Ledger(store)
    yield ledger
    await ledger.store.close()


@pytest.fixture
def limits():
    return Limits(0)


@pytest.fixture
async def fixed(bot, limits):
    fixed = Fixed(bot, limits, "It cannot be saved just now.", patience=0.2)
    yield fixed
    await fixed.stop()


@pytest.fixture
def thanked():
    """What the courtesies were asked to do."""
    return []


@pytest.fixture
def intake(ledger, fixed, thanked):
    return Intake(ledger, fixed, thanked.extend)


@pytest.fixture
def box(store, secrets):
    return Outbox(store, secrets)


@pytest.fixture
def make_sender(store, secrets, bot):
    def make(limits, in_flight=IN_FLIGHT):
        post = Post(store, secrets, lambda: datetime.now(UTC))
        return Sender(post, Delivery(bot, limits), limits, in_flight)

    return make


@pytest.fixture
def sender(make_sender, limits):
    return make_sender(limits)


@pytest.fixture
def emptied(box):
    """Wait until nothing is queued any more; what is left by state."""

    async def wait():
        async with asyncio.timeout(30):
            left = await box.waiting()
            while any(state == "queued" for state, _ in left):
                await asyncio.sleep(0.02)
                left = await box.waiting()
        return {state: number for (state, _), number in left.items()}

    return wait


@pytest.fixture
async def running():
    """Run parts of the channel until the test ends; each is stopped as the program stops it."""
    parts = []

    def run(part):
        parts.append((part, asyncio.create_task(part.run())))
        return parts[-1][1]

    yield run
    for part, task in parts:
        await part.stop()
        await asyncio.wait([task], timeout=10)
        assert task.done(), f"{type(part).__name__} did not stop"
        task.result()  # a part that broke is the reason to see first
