"""What must not grow old: ids after 48 hours, keys after a day, and nothing is lost with them."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from bot.casework.model import Act
from bot.keeping import Keeping
from storage import replacing
from storage.secrets import AUDIT, DELIVERY, DIRECTORY
from tests.turns.world import NOW

ANN = 501
HOURS = timedelta(hours=1)


def keeping(world):
    return Keeping(world.store, world.keys, world.clock)


def grow_old(world, hours):
    """An epoch's age is the age of its file on the machine's own clock."""
    made = (datetime.now(UTC) - hours * HOURS).timestamp()
    for key in (world.folder / "secrets" / "epochs").glob("*.key"):
        os.utime(key, (made, made))


async def test_ids_are_forgotten_after_48_hours_and_not_before(world):
    first = world.words(ANN, "one")
    await world.turns.take(first)
    world.clock.move_to(NOW + 24 * HOURS)
    await world.says(ANN, "two")
    world.clock.move_to(NOW + 48 * HOURS)
    await keeping(world).look()
    assert await world.count("seen_updates") == [2]
    await world.turns.take(first)
    assert await world.draft(ANN) == ["one", "two"]
    world.clock.move_to(NOW + 49 * HOURS)
    await keeping(world).look()
    assert await world.count("seen_updates") == [1]


async def test_a_young_key_is_kept(world):
    await keeping(world).look()
    grow_old(world, 19)
    await keeping(world).look()
    assert list(world.keys.epochs) == [1]


async def test_an_old_key_is_destroyed_and_what_it_locked_still_opens(world):
    row = await world.sends(ANN, "sent")
    await world.opens("Dave Palmer", row.reference)
    await world.acts("Dave Palmer", row.reference, Act.ACKNOWLEDGE)
    await world.hears(ANN)
    await world.taps(ANN, "Skip", "Skip", "Nothing needed")
    await world.says(ANN, "not sent yet")
    grow_old(world, 21)
    await keeping(world).look()
    assert list(world.keys.epochs) == [2]
    assert not (world.folder / "secrets" / "epochs" / "1.key").exists()
    assert await world.draft(ANN) == ["not sent yet"]
    (told,) = await world.reads(ANN)
    assert "has opened your concern" in told
    await keeping(world).look()
    assert list(world.keys.epochs) == [2]


async def test_a_moved_clock_does_not_age_a_key(world):
    world.clock.move_to(NOW + 400 * 24 * HOURS)
    await keeping(world).look()
    assert list(world.keys.epochs) == [1]


async def test_a_replacement_of_keys_that_a_crash_stopped_is_finished(world):
    row = await world.sends(ANN, "sent")
    for name in (DELIVERY, DIRECTORY, AUDIT):
        await replacing.begin(world.store, world.keys, name)
    (world.folder / "secrets" / ".delivery.key.gone").write_bytes(b"an old key")
    await keeping(world).look()
    for name in (DELIVERY, DIRECTORY, AUDIT):
        assert not replacing.halfway(world.keys, name)
    assert not list((world.folder / "secrets").glob(".*"))
    await world.opens("Dave Palmer", row.reference)
