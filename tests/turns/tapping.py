"""Members of staff at their phones: what they are shown, and what they tap."""

from __future__ import annotations

from bot.channel.parse import staff_tap
from bot.dialogue.inputs import Forged


def tapped(world, chat, label):
    """The update of the newest button of this label that this phone was shown."""
    data = next(
        seen.buttons[label] for seen in reversed(world.phones[chat]) if label in seen.buttons
    )
    return of_data(world, chat, data)


def of_data(world, chat, data):
    return world.arrival(chat, Forged(), tap=staff_tap(data), callback_id="c", message_id=7)


async def tap(world, chat, label):
    """What this phone shows after the tap."""
    return await takes(world, chat, tapped(world, chat, label))


async def takes(world, chat, *arrivals):
    await world.turns.take(arrivals)
    return [one.text for one in await world.hears(chat)]


async def digest_at(world, moment):
    """The lists of a handover, as the phones show them; the newest of each."""
    world.clock.move_to(moment)
    await world.promises.keep()
    await world.digests.send()
    await world.deliver()
    return {chat: seen[-1] for chat, seen in world.phones.items()}
