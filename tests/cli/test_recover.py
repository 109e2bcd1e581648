"""heard recover: what the recovery key gives back, and what it does not."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.admin import keeping
from bot.admin.model import Hands, Refused
from bot.clock import SystemClock
from config.settings import load
from storage import concerns, meta, quarantine, second_factors, staff, wraps
from storage.engine import Store
from storage.schema import audit
from tests.cli.conftest import PASSPHRASE
from tests.storage.builders import new_concern

NEW = "velvet harbour ninety quilt"


def recovered(
    home, name="Sam Okoro", code=None, passphrase=NEW, helper="Jo Bell", theirs=PASSPHRASE
):
    return home.heard(
        "recover", name, "--with", helper, "--code-stdin", "--passphrase-stdin",
        said=f"{code or home.code}\n{theirs}\n{passphrase}\n",
    )  # fmt: skip


def asked(home):
    return {
        "name": "Sam Okoro",
        "code": home.code,
        "passphrase": NEW,
        "colleague": "Jo Bell",
        "colleague_passphrase": PASSPHRASE,
    }


def references(home, passphrase):
    words = ("export", "--reason", "inspection", "--staff", "Sam Okoro", "--passphrase-stdin")
    ended = home.heard(*words, said=passphrase + "\n")
    return ended.returncode, {json.loads(line)["reference"] for line in ended.stdout.splitlines()}


def test_a_lost_passphrase_is_replaced_and_the_concerns_come_back(home):
    home.send("H-1", ["words"], ["Sam Okoro", "Jo Bell"])
    home.send("H-2", ["more"], ["Sam Okoro"])
    ended = recovered(home)
    assert ended.returncode == 0, ended.stderr
    assert "can read 2 concerns again" in ended.stdout
    assert references(home, NEW) == (0, {"H-1", "H-2"})
    assert references(home, PASSPHRASE) == (1, set())


def test_recovery_gives_nobody_more_than_they_had(home):
    home.send("H-1", ["about Sam"], ["Sam Okoro", "Jo Bell"], excluded=["Sam Okoro"])
    home.send("H-2", ["for Jo alone"], ["Jo Bell"])
    assert "can read 0 concerns again" in recovered(home).stdout
    assert references(home, NEW) == (0, set())


def test_a_wrong_recovery_key_changes_nothing(home):
    home.send("H-1", ["words"], ["Sam Okoro"])
    ended = recovered(home, code=home.code[:-4] + "0000")
    assert ended.returncode == 1
    assert "not the recovery key" in ended.stderr
    assert references(home, PASSPHRASE) == (0, {"H-1"})


def test_a_weak_new_passphrase_is_refused(home):
    ended = recovered(home, passphrase="too short")
    assert ended.returncode == 1
    assert "at least 12 characters" in ended.stderr


@pytest.mark.parametrize(
    ("helper", "theirs", "said"),
    [
        ("Jo Bell", "wrong", "colleague's name or passphrase is wrong"),
        ("Nobody", PASSPHRASE, "colleague's name or passphrase is wrong"),
        ("Sam Okoro", PASSPHRASE, "must be somebody else"),
        ("Rae", PASSPHRASE, "takes a lead, a senior or an independent"),
    ],
)
def test_the_recovery_key_alone_gives_nothing_back(home, helper, theirs, said):
    home.send("H-1", ["words"], ["Sam Okoro"])
    if helper == "Rae":
        home.heard(
            "staff", "add", "Rae", "--team", "elm", "--role", "answerer", "--passphrase-stdin",
            said=PASSPHRASE + "\n",
        )  # fmt: skip
    ended = recovered(home, helper=helper, theirs=theirs)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert references(home, PASSPHRASE) == (0, {"H-1"})


def test_no_colleague_is_asked_for_before_one_is_named(home):
    ended = home.heard("recover", "Sam Okoro", "--code-stdin", said=home.code + "\n")
    assert ended.returncode == 2
    assert "--with COLLEAGUE" in ended.stderr


def test_recovery_takes_the_phone_off_and_both_are_noted(home):
    sam, jo = home.staff_id("Sam Okoro"), home.staff_id("Jo Bell")
    at = datetime(2026, 11, 20, tzinfo=UTC)
    factor = second_factors.Factor(b"secret", 0, ())
    home.stored(lambda conn: second_factors.save(conn, sam, factor, at))
    assert recovered(home).returncode == 0
    assert home.stored(second_factors.having) == frozenset()

    async def lines(conn):
        rows = await conn.execute(select(audit.c.staff_id, audit.c.action, audit.c.detail))
        return [tuple(row) for row in rows]

    noted = home.stored(lines)
    assert (sam, "recovered", f"with:{jo}") in noted
    assert (jo, "helped-to-recover", f"of:{sam}") in noted


def test_recovering_nobody_is_refused(home):
    ended = recovered(home, name="Nobody")
    assert ended.returncode == 1
    assert "heard staff list" in ended.stderr


def test_updates_that_were_set_aside_can_be_read_with_the_key(home):
    public, at = home.secrets.recovery_public, datetime(2026, 11, 20, tzinfo=UTC)
    raw = json.dumps({"update_id": 7, "message": {"text": "help"}}).encode()
    home.stored(lambda conn: quarantine.put(conn, public, "f" * 32, at, "unreadable", raw))
    ended = home.heard("recover", "--set-aside", "--code-stdin", said=home.code + "\n")
    assert ended.returncode == 0, ended.stderr
    entry = json.loads(ended.stdout)
    assert json.loads(entry["update"])["message"]["text"] == "help"
    assert entry["reason"] == "unreadable"


class Terminal:
    """What an operation said; `then` is awaited at each line about the work."""

    def __init__(self, then=None):
        self.lines, self.told, self.then = [], [], then

    async def line(self, text):
        self.lines.append(text)

    async def progress(self, text):
        self.told.append(text)
        if self.then is not None:
            await self.then(text)


@pytest.fixture
async def hands(home):
    settings = load({"HEARD_CONFIG": str(home.folder / "heard.toml"), "HEARD_DATABASE": home.url})
    store = await Store.open(settings.database)
    yield Hands(settings, home.secrets, store, SystemClock())
    await store.close()


async def give(hands, count):
    """Sam gets so many concerns; who he is."""
    async with hands.store.write() as conn:
        sam = await staff.by_name(conn, hands.secrets, "Sam Okoro")
        many = [new_concern([sam.id], b"words") for _ in range(count)]
        await concerns.send(conn, hands.secrets, many)
    return sam.id


async def opening(hands, staff_id):
    """How many concerns open with the new passphrase."""
    async with hands.store.read() as conn:
        row = await staff.by_name(conn, hands.secrets, "Sam Okoro")
        private = await asyncio.to_thread(staff.unlock, row, NEW)
        held = await wraps.held_by(conn, staff_id)
        return len([await wraps.open_private(conn, one, staff_id, private) for one in held])


async def test_people_are_served_while_many_concerns_are_given_back(home, hands):
    sam, served = await give(hands, keeping.AT_ONCE + 1), []

    async def write(text):
        async with asyncio.timeout(20), hands.store.write() as conn:
            await meta.put(conn, "served", text.encode())
        served.append(text)

    ask = asked(home)
    await keeping.recover(hands, ask, Terminal(write))
    assert len(served) == 2
    assert await opening(hands, sam) == keeping.AT_ONCE + 1


async def test_a_recovery_that_was_stopped_on_the_way_is_made_whole_by_the_next(home, hands):
    sam = await give(hands, keeping.AT_ONCE + 1)

    async def stop(text):
        if f"{keeping.AT_ONCE} of" in text:
            raise ConnectionResetError

    ask = asked(home)
    with pytest.raises(ConnectionResetError):
        await keeping.recover(hands, ask, Terminal(stop))
    again = Terminal()
    await keeping.recover(hands, ask, again)
    assert f"can read {keeping.AT_ONCE + 1} concerns again" in again.lines[0]
    assert await opening(hands, sam) == keeping.AT_ONCE + 1


async def test_nothing_is_given_back_to_someone_who_left(home, hands):
    sam = await give(hands, 1)
    async with hands.store.write() as conn:
        await staff.set_active(conn, sam, False)
        before = await wraps.held_by(conn, sam)
    ask = asked(home)
    with pytest.raises(Refused, match="does not work here"):
        await keeping.recover(hands, ask, Terminal())
    async with hands.store.read() as conn:
        assert await wraps.held_by(conn, sam) == before
