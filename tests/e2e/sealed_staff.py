"""What staff have sealed of their own in the day in which Heard opens everything: addresses that
mail goes to, and second factors."""

from __future__ import annotations

import time
from datetime import timedelta

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from bot.console.door import code
from bot.desk.own_keys import Took
from bot.mail.letters import mail
from bot.mail.mailer import Mailer, Post
from bot.turns.house import LANE_DIGEST
from bot.turns.rendering import body
from storage import meta, outbox, outbox_mail, second_factors, staff
from storage.errors import DamagedRow
from storage.one_time_codes import DIGITS, STEP_SECONDS
from storage.outbox import NewMessage
from storage.outbox_rows import MAILED
from storage.second_factors import Factor

OWNERS = ("Grace Okafor", "Ines Adair")  # who have no Telegram
SECRET = b"twenty bytes of them"
SUBJECTS = {True: "now", False: "soon"}


async def give(day, rows) -> None:
    """An address, a mail that waits and a second factor to each."""
    async with day.store.write() as conn:
        await meta.put(conn, meta.SENDS_MAIL, b"1")
        for row in rows:
            if row.name in OWNERS:
                now, address = day.clock.now(), f"{row.id}@ward.example"
                await staff.set_email(conn, day.keys, row.id, address)
                await second_factors.save(conn, row.id, Factor(SECRET, 0, ()), now)
                waits = NewMessage(MAILED + row.id, LANE_DIGEST, body("This waits."))
                await outbox.put(conn, day.keys, [waits], now)


async def post(day) -> None:
    """As far as one gets without a mail server."""
    now = day.clock.now() + timedelta(days=1)
    async with day.store.write() as conn:
        letters = await outbox_mail.claim(conn, day.keys, now, timedelta(0), 50)
        for letter in letters:
            if not letter.damaged:
                made = mail(letter, "heard@ashby.example", now, SUBJECTS)
                name = day.sealed.names[made["To"].partition("@")[0]]
                day.works[f"mail to {name}: {made.get_content().partition('.')[0]}"] += 1
                await outbox.delivered(conn, [letter.id])
    mailer = Mailer(Post(day.store, day.keys, day.clock.now), None, SUBJECTS)
    for letter in letters:
        if letter.damaged:
            await mailer._record(letter, *await mailer._send(None, letter))


async def second_step(day, row) -> None:
    """The code of a phone, after the right passphrase."""
    if row.name not in OWNERS:
        return
    private = day.sealed.privates[row.name]
    token = day.console.halfway.begin(row.id, row.public_key, private, "/concerns")
    shown = TOTP(SECRET, DIGITS, SHA1(), STEP_SECONDS).generate(time.time()).decode()
    try:
        took = await code._take(day.console, day.console.halfway.find(token), shown)
    except DamagedRow:
        return
    finally:
        day.console.halfway.end(token)
    assert took is Took.PHONE
    day.works[f"second step of {row.name}"] += 1
