"""10,000 events, 200 random tamperings: every one is found, whatever was done to the rows."""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
import time
from datetime import timedelta

import pytest

from storage.audit import Line
from storage.audit_chain import GENESIS, link
from storage.engine import Store
from tests.storage.builders import NOW
from tests.storage.test_audit import verdict, written

EVENTS, TAMPERINGS = 10_000, 200
TEXTS = ("staff_id", "action", "concern_id", "detail")


@pytest.fixture
def engine():
    """Raw tampering needs a file; PostgreSQL takes the same walk in test_audit.py."""
    return "sqlite"


def edit(db, chance):
    column = chance.choice((*TEXTS, "at", "hash", "id"))
    at, value = chance.randint(1, EVENTS), None
    old = db.execute(f"SELECT {column} FROM audit WHERE id = ?", (at,)).fetchone()[0]
    if column in TEXTS:
        value = chance.choice(["", "x", f"{old}x", f"{old} ", b"opened"])
        value = f"{old}y" if value == old or old is None else value
    elif column == "at":
        value = old + chance.choice([-1, 1, 10**6, -(10**9), 10**12])
    elif column == "hash":
        value = bytes([old[0] ^ 1]) + old[1:]
    else:
        value = EVENTS + chance.randint(1, 50)
    db.execute(f"UPDATE audit SET {column} = ? WHERE id = ?", (value, at))
    return f"edit {column} of {at}"


def empty_for_nobody(db, chance):
    column = chance.choice(["staff_id", "concern_id"])
    found = [row[0] for row in db.execute(f"SELECT id FROM audit WHERE {column} IS NULL")]
    at = chance.choice(found)
    db.execute(f"UPDATE audit SET {column} = '' WHERE id = ?", (at,))
    return f"{column} of {at} from nobody to empty"


def removal(db, chance):
    first = chance.choice([1, EVENTS, chance.randint(2, EVENTS - 1)])
    last = min(EVENTS, first + chance.choice([0, 0, 3, 500]))
    db.execute("DELETE FROM audit WHERE id BETWEEN ? AND ?", (first, last))
    if chance.random() < 0.5:  # and close the gap
        db.execute(
            "UPDATE audit SET id = id - ? WHERE id > ?", (last - first + 1 + EVENTS * 9, last)
        )
        db.execute("UPDATE audit SET id = id + ? WHERE id < 0", (EVENTS * 9,))
    return f"remove {first} to {last}"


def exchange(db, chance):
    one, other = chance.sample(range(1, EVENTS + 1), 2)
    for old, new in ((one, -1), (other, one), (-1, other)):
        db.execute("UPDATE audit SET id = ? WHERE id = ?", (new, old))
    return f"exchange {one} and {other}"


def exchange_words(db, chance):
    """Two lines change places, but for their numbers and hashes."""
    one = chance.randint(1, EVENTS - 1)
    fields = "at, staff_id, action, concern_id, detail"
    first, second = (
        db.execute(f"SELECT {fields} FROM audit WHERE id = ?", (at,)).fetchone()
        for at in (one, one + 1)
    )
    put = "UPDATE audit SET at=?, staff_id=?, action=?, concern_id=?, detail=? WHERE id=?"
    db.execute(put, (*second, one))
    db.execute(put, (*first, one + 1))
    return f"exchange what {one} and {one + 1} say"


def insertion(db, chance):
    """A line that links to the one before it, all numbers after it moved up by one."""
    at = chance.choice([1, EVENTS + 1, chance.randint(2, EVENTS)])
    db.execute("UPDATE audit SET id = -id WHERE id >= ?", (at,))
    db.execute("UPDATE audit SET id = -id + 1 WHERE id < 0")
    before = db.execute("SELECT hash, at FROM audit WHERE id = ?", (at - 1,)).fetchone()
    before = before or (GENESIS, 0)
    moment = NOW + timedelta(seconds=min(at, EVENTS))
    line = Line(moment, "0" * 32, "opened", "1" * 32)
    link_ = link(before[0], line) if at <= EVENTS else b"made up" * 4
    micro = int(moment.timestamp()) * 10**6
    db.execute(
        "INSERT INTO audit (id, at, staff_id, action, concern_id, detail, hash) "
        "VALUES (?, ?, ?, 'opened', ?, '', ?)",
        (at, micro, "0" * 32, "1" * 32, link_),
    )
    return f"insert at {at}"


def relink(db, first):
    """What somebody does who knows the rule: all hashes from a line on made anew."""
    found = db.execute("SELECT hash FROM audit WHERE id = ?", (first - 1,)).fetchone()
    before, rows = (found[0] if found else GENESIS), []
    for row in db.execute(
        "SELECT id, at, staff_id, action, concern_id, detail FROM audit WHERE id >= ? ORDER BY id",
        (first,),
    ):
        at = NOW.replace(microsecond=0) + timedelta(microseconds=row[1] - stamp(NOW))
        before = link(before, Line(at, *row[2:]))
        rows.append((before, row[0]))
    db.executemany("UPDATE audit SET hash = ? WHERE id = ?", rows)


def rewriting(db, chance):
    at = chance.randint(1, EVENTS)
    db.execute("UPDATE audit SET detail = 'other' WHERE id = ?", (at,))
    relink(db, at)
    return f"rewrite from {at}"


def backdating(db, chance):
    """The time before the line before it, with all links made anew."""
    at = chance.randint(2, EVENTS)
    db.execute("UPDATE audit SET at = at - ? WHERE id = ?", (chance.randint(2, 900) * 10**6, at))
    relink(db, at)
    return f"back-date {at}"


def heads_forged(db, chance):
    column = chance.choice(["hash", "signature", "at", "signer", "lines"])
    value = {
        "hash": b"1" * 32,
        "signature": b"2" * 64,
        "at": stamp(NOW),
        "signer": "0000-0000",
        "lines": EVENTS - 1,
    }[column]
    newest = "(SELECT max(lines) FROM audit_heads)"
    db.execute(f"UPDATE audit_heads SET {column} = ? WHERE lines = {newest}", (value,))
    return f"forge the head's {column}"


def stamp(moment):
    return int(moment.timestamp()) * 10**6 + moment.microsecond


KINDS = (
    edit,
    empty_for_nobody,
    removal,
    exchange,
    exchange_words,
    insertion,
    rewriting,
    backdating,
    heads_forged,
)


async def test_every_one_of_200_tamperings_is_found(store, secrets, tmp_path):
    await written(store, secrets, EVENTS, heads_at=(2_500, 5_000, 7_500, EVENTS))
    began = time.perf_counter()
    whole = await verdict(store, secrets)
    seconds = time.perf_counter() - began
    assert (whole.lines, whole.fault) == (EVENTS, None)
    print(f"{EVENTS:,} lines verified in {seconds:.2f} s", file=sys.stderr)
    await store.checkpoint()
    chance, unseen = random.Random(20261122), []
    for number in range(TAMPERINGS):
        copy = tmp_path / "copy.db"
        shutil.copyfile(tmp_path / "heard.db", copy)
        with sqlite3.connect(copy) as db:
            done = KINDS[number % len(KINDS)](db, chance)
        db.close()
        tampered = await Store.open(f"sqlite+aiosqlite:///{copy}")
        found = await verdict(tampered, secrets)
        await tampered.close()
        if found.fault is None:
            unseen.append(done)
    assert unseen == []
