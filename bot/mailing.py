"""Wires the mail: whether this Heard sends any, and who is woken when there is some to send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.clock import Clock
from bot.mail.mailer import Mailer, Post
from bot.mail.server import server_of
from bot.turns.house import House
from config.settings import Settings
from storage import meta
from storage.engine import Store
from storage.secrets import Secrets


class Wakes(Protocol):
    def wake(self) -> None: ...


async def mailing_of(
    settings: Settings, store: Store, keys: Secrets, house: House, clock: Clock
) -> list[Mailer]:
    """The one who mails, or nobody. Notes which: only with a mail server does an address make
    somebody reachable, for every process and command that asks."""
    server = server_of(settings)
    async with store.write() as conn:
        if server is None:
            await meta.drop(conn, meta.SENDS_MAIL)
        else:
            await meta.put(conn, meta.SENDS_MAIL, b"1")
    if server is None:
        return []
    text = house.wording.text
    subjects = {True: text("mail.subject.now"), False: text("mail.subject")}
    return [Mailer(Post(store, keys, clock.now), server, subjects)]


def waking(*those: Wakes) -> Callable[[], None]:
    """One call that wakes all of them."""

    def wake() -> None:
        for one in those:
            one.wake()

    return wake
