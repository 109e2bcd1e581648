"""Carry an alert out: who is told, what the person is told, and every step dated in the audit.

Phone, console and clock end here, each within its own transaction. Quiet hours hold none of it.
"""

from __future__ import annotations

import logging
import secrets as chance
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from bot.casework import alerting
from bot.casework.access import Action, may
from bot.casework.alerting import Step, Telling, name_of
from bot.casework.model import Member, NotAllowed
from bot.turns.absent import wording_about
from bot.turns.concern import Readership
from bot.turns.house import LANE_LIVE, Scene
from bot.turns.people import line_of
from bot.turns.rendering import body
from bot.turns.taking import readable
from storage import alarms, alerts, audit, concerns, outbox
from storage.alerts import AlertRow
from storage.audit import Line
from storage.concerns import ConcernRow
from storage.engine import Conn
from storage.outbox import NewMessage
from storage.secrets import Secrets

log = logging.getLogger(__name__)

BEGAN: Final = "alert-began"
TOLD: Final = "alert-told"
UNANSWERED: Final = "alert-unanswered"
SEEN: Final = "alert-seen"
ENDED: Final = "alert-ended"
NOBODY: Final = "alert-nobody"
SEEN_TAP: Final = "seen"  # what the button's callback data ends with
_MINUTE: Final = timedelta(minutes=1)


class Chat(Protocol):
    """What of a chat's turn an alert needs: the concerns of which danger was just said."""

    rows: dict[str, ConcernRow]
    flagged: set[str]


async def begin(conn: Conn, scene: Scene, chats: Iterable[Chat]) -> list[NewMessage]:
    """For every concern of which a person just said that someone is in danger. Returns what goes to
    staff; the person is answered by the talk."""
    rows = {one: chat.rows[one] for chat in chats for one in sorted(chat.flagged)}
    if not rows:
        return []
    running = await alerts.load(conn, rows)
    readership = await Readership.load(conn, list(rows))
    begun: list[AlertRow] = []
    messages: list[NewMessage] = []
    lines: list[Line] = []
    for row in rows.values():
        able = readership.able(row.id, scene.staff)
        alert, telling = _said(row, running.get(row.id), able, scene)
        lines.append(Line(scene.now, None, BEGAN if telling else NOBODY, row.id))
        if alert is None or telling is None:
            await _sound(conn, scene.now, NOBODY, row.id)
            continue
        begun.append(alert)
        lines.append(_told(scene.now, row, telling))
        messages += _to_staff(row, alert, telling, able, scene)
    await alerts.begin(conn, begun)
    await audit.note_many(conn, lines)
    return messages


def _said(
    row: ConcernRow, before: AlertRow | None, able: Sequence[Member], scene: Scene
) -> tuple[AlertRow | None, Telling | None]:
    """A new alert; or one that runs already, whose people are told once more and sooner."""
    now, pause = scene.now, scene.house.alert_pause
    if before is not None and before.next_at is not None:
        alert = alerts.sooner(before, now + pause)
        who = alerting.remind(before.step, able, row.team)
        if who:
            return alert, Telling(before.step, who, alert.next_at)
    telling = alerting.begin(able, row.team, now, pause)
    if telling is None:
        return None, None
    return AlertRow(row.id, now, telling.step, telling.next_at), telling


async def go_on(conn: Conn, keys: Secrets, scene: Scene, concern_id: str) -> bool:
    """Nobody has seen it in time: tell the next, and the person the truth. False when it was seen,
    or gone on with, meanwhile."""
    before = (await alerts.load(conn, [concern_id])).get(concern_id)
    row = (await concerns.load(conn, [concern_id])).get(concern_id)
    if before is None or row is None or before.next_at is None or before.next_at > scene.now:
        return False
    able = (await Readership.load(conn, [row.id])).able(row.id, scene.staff)
    pause = scene.house.alert_pause
    telling = alerting.go_on(before.step, able, row.team, before.began_at, scene.now, pause)
    if not await alerts.go_on(conn, before, telling.step, telling.next_at):
        return False
    said = await _to_person(conn, keys, scene, row, _news(telling), _minutes(telling, scene.now))
    messages = [*said, *_to_staff(row, before, telling, able, scene)]
    await outbox.put(conn, keys, messages, scene.now)
    if telling.step >= Step.EVERYONE:  # the whole line was silent: somebody must look at why
        await _sound(conn, scene.now, UNANSWERED, row.id)
    lines = [Line(scene.now, None, UNANSWERED, row.id, f"step:{name_of(before.step)}")]
    if telling.next_at is None:
        lines.append(Line(scene.now, None, ENDED, row.id))
    elif telling.who:
        lines.append(_told(scene.now, row, telling))
    await audit.note_many(conn, lines)
    return True


async def opened(conn: Conn, keys: Secrets, scene: Scene, member: Member, row: ConcernRow) -> bool:
    """Somebody opened it. That is seeing it for those whom alerts go to; for others of the team a
    page that they only looked at must not silence the phones of those on duty."""
    if alerting.seen_as(member, row.team) == alerting.STAFF:
        return False
    return await seen(conn, keys, scene, member, row)


async def seen(conn: Conn, keys: Secrets, scene: Scene, member: Member, row: ConcernRow) -> bool:
    """Somebody has seen it: it goes no further, and the person is told who it was, by role. False
    when none runs (nobody is told twice), or for a member whose role does not allow it."""
    allowed = row.in_danger and may(member, row.team, Action.SEE_ALERT)
    if not allowed or not await alerts.see(conn, row.id, member.id, scene.now):
        return False
    who = alerting.seen_as(member, row.team)
    said = await _to_person(conn, keys, scene, row, f"help.alert-seen.{who}")
    await outbox.put(conn, keys, said, scene.now)
    await audit.note(conn, scene.now, member.id, SEEN, row.id)
    return True


async def tapped(
    conn: Conn, keys: Secrets, scene: Scene, member: Member, reference: str
) -> tuple[str, dict[str, str]]:
    """The button under an alert: the key of the sentence that answers it, and its values.

    Raises NotAllowed for whoever is kept from the concern, has no key to it, or whose role does not
    allow it.
    """
    row = await readable(conn, member, reference)
    if row is None or not may(member, row.team, Action.SEE_ALERT):
        raise NotAllowed("not-yours")
    first = await seen(conn, keys, scene, member, row)
    return "staff.alert-seen" if first else "staff.alert-seen-before", {"reference": row.reference}


def to_member(member: Member, words: bytes) -> NewMessage:
    """To a member's chat or, for those who have none, by e-mail."""
    return NewMessage(line_of(member), LANE_LIVE, words)


# ---- what is said -------------------------------------------------------------------------------


def _to_staff(
    row: ConcernRow, alert: AlertRow, telling: Telling, able: Sequence[Member], scene: Scene
) -> list[NewMessage]:
    """A reference and times; no word of the person's, and no name. Nothing once it is given up."""
    if not telling.who:
        return []
    house = scene.house
    text, here = house.wording.text, alert.began_at.astimezone(ZoneInfo(house.calendar.timezone))
    words = text(
        "staff.alert-everyone" if telling.step >= Step.EVERYONE else "staff.alert",
        reference=row.reference,
        date=here.date(),
        time=house.wording.clock(here.time()),
        **_minutes(telling, scene.now),
    )
    seen = {"label": text("button.alert-seen"), "data": f"s:{row.reference}:{SEEN_TAP}"}
    page = {"label": text("button.open"), "url": f"{house.console_url}/concerns/{row.reference}"}
    said = body(words, [[seen], [page]])
    return [to_member(member, said) for member in able if member.id in telling.who]


async def _to_person(  # noqa: PLR0913, PLR0917 - a transaction, a concern, and what to say of it
    conn: Conn,
    keys: Secrets,
    scene: Scene,
    row: ConcernRow,
    key: str,
    params: dict[str, str] | None = None,
) -> list[NewMessage]:
    """At once, with the crisis lines of this minute. Nothing for somebody who is forgotten."""
    if row.forgotten:
        return []
    address = (await concerns.return_addresses(conn, keys, [row.id])).get(row.id)
    if address is None:
        await _sound(conn, scene.now, "return-address-damaged", row.id)
        return []
    wording = await wording_about(conn, keys, scene, row.id)
    words = wording.text(key, reference=row.reference, **(params or {}))
    return [NewMessage(f"c:{address}", LANE_LIVE, body(words))]


def _news(telling: Telling) -> str:
    if telling.next_at is None:
        return "help.alert-ended"
    if not telling.who:
        return "help.alert-nobody"
    return "help.alert-again" if telling.step > Step.EVERYONE else "help.alert-next"


def _minutes(telling: Telling, now: datetime) -> dict[str, str]:
    return {} if telling.next_at is None else {"minutes": str((telling.next_at - now) // _MINUTE)}


def _told(now: datetime, row: ConcernRow, telling: Telling) -> Line:
    return Line(now, None, TOLD, row.id, f"step:{name_of(telling.step)}")


async def _sound(conn: Conn, now: datetime, kind: str, concern_id: str) -> None:
    log.error("alarm", extra={"kind": kind})
    await alarms.sound_once(conn, chance.token_hex(16), now, kind, concern_id)
