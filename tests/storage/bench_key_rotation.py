"""How long replacing a key takes, and how long a turn waits meanwhile:
`python -m tests.storage.bench_key_rotation [CHATS] [CONCERNS]`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from storage import (
    concerns,
    conversations,
    member_rotation,
    meta,
    migrate,
    moving,
    recovery_rotation,
    staff,
)
from storage.conversations import ConversationChange
from storage.engine import Store
from storage.member_rotation import OwnPair
from storage.sealing import key_pair_from_seed, new_key_pair, seed_from_code
from storage.secrets import DELIVERY, Secrets
from storage.staff import StaffKeys, StaffRow
from tests.storage.builders import CHEAP, NOW, new_concern

ANNA = "a" * 32


async def quiet(*_said) -> None:
    return


async def waited(store, secrets, work) -> tuple[float, float]:
    """Seconds that the work took, and the longest that a turn took meanwhile."""
    longest, done = 0.0, asyncio.Event()

    async def turns():
        nonlocal longest
        while not done.is_set():
            began = perf_counter()
            async with store.write() as conn:
                one = (await conversations.load(conn, secrets, [1]))[1]
                change = ConversationChange(one.id, 1, one.version, b"talk", b"own")
                await conversations.save(conn, secrets, [change], NOW)
            longest = max(longest, perf_counter() - began)
            await asyncio.sleep(0.01)

    turning = asyncio.create_task(turns())
    began = perf_counter()
    await work
    took = perf_counter() - began
    done.set()
    await turning
    return took, longest


async def main(chats: int, sent: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite+aiosqlite:///{folder / 'heard.db'}"
        await migrate.upgrade(url)
        secrets, code = Secrets.create(folder / "secrets")
        store = await Store.open(url)
        keys = staff.new_keys(ANNA, "a passphrase", CHEAP)
        row = StaffRow(ANNA, "Anna", keys.public, keys.private_locked, True, False, ())
        async with store.write() as conn:
            await meta.put(conn, meta.RECOVERY_PUBLIC, secrets.recovery_public)
            await staff.add_with_keys(conn, secrets, row, NOW)
            new = [ConversationChange(f"{n:032x}", n, 0, b"t", b"o") for n in range(1, chats + 1)]
            await conversations.save(conn, secrets, new, NOW)
            for _ in range(0, sent, 100):
                await concerns.send(conn, secrets, [new_concern([ANNA]) for _ in range(100)])
        successor = new_key_pair()
        own = OwnPair(ANNA, keys.public, staff.unlock(row, "a passphrase"))
        fresh = StaffKeys(successor.public, b"locked")
        old, next_ = key_pair_from_seed(seed_from_code(code)), key_pair_from_seed(bytes(32))
        for what, count, work in (
            ("delivery", chats + sent, moving.replace(store, secrets, DELIVERY, NOW)),
            ("member", sent, member_rotation.replace(store, own, fresh, NOW)),
            ("recovery", sent, recovery_rotation.replace(store, secrets, old, next_, quiet)),
        ):
            took, longest = await waited(store, secrets, work)
            print(
                f"{what}: {count} rows, {took:.2f} s; a turn took {longest * 1000:.0f} ms at most"
            )
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(*(int(one) for one in (*sys.argv[1:], "10000", "10000")[:2])))
