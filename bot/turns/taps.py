"""Buttons that staff tap in their own chat, under a list or an alert: in the same transaction as
the update, and without a conversation of theirs.

A tap counts for a member of staff who works here and may do it; every other gets the same answer.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.casework.model import Act, Member, NotAllowed
from bot.turns import alerting
from bot.turns.arrival import Arrival, StaffTap
from bot.turns.house import LANE_LIVE, Scene
from bot.turns.rendering import body, link_body
from bot.turns.taking import Done, act_on
from storage import outbox, staff_chats
from storage.engine import Conn
from storage.outbox import NewMessage
from storage.secrets import Secrets

log = logging.getLogger(__name__)

TAKE: Final = "take"
HIGHER: Final = "higher"

# What a button does: the key of the sentence that answers it, and its values. It raises NotAllowed
# for whatever is not to be; then nothing may have been written.
Answer = tuple[str, Mapping[str, str | date]]
Does = Callable[[Conn, Secrets, Scene, Member, str], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Tapped:
    tap: StaffTap
    member: Member


def tap_data(reference: str, what: str) -> str:
    """The callback data of a button of staff's; `parse` reads it."""
    return f"s:{reference}:{what}"


async def tapped_by_staff(
    conn: Conn, keys: Secrets, scene: Scene, arrivals: Sequence[Arrival], new: Collection[int]
) -> Mapping[int, Tapped]:
    """What staff tapped, by update; only of new ones from chats that somebody who works here has
    linked."""
    taps = {
        one.update_id: (one.chat_id, one.tap)
        for one in arrivals
        if one.tap is not None and one.chat_id is not None and one.update_id in new
    }
    if not taps:
        return {}
    linked = await staff_chats.members(conn, keys, {chat_id for chat_id, _ in taps.values()})
    at_work = {one.id: one for one in scene.staff}
    return {
        update: Tapped(tap, at_work[linked[chat_id]])
        for update, (chat_id, tap) in taps.items()
        if linked.get(chat_id) in at_work
    }


async def carry_out_taps(conn: Conn, keys: Secrets, scene: Scene, tapped: Iterable[Tapped]) -> None:
    """Do what was tapped, in order, and answer each tap at once."""
    for one in tapped:
        page = await _answered(conn, keys, scene, one.tap, one.member)
        message = NewMessage(f"s:{one.member.id}", LANE_LIVE, page)
        await outbox.put(conn, keys, [message], scene.now)


async def _answered(
    conn: Conn, keys: Secrets, scene: Scene, tap: StaffTap, member: Member
) -> bytes:
    house = scene.house
    try:
        key, values = await TAPS.get(tap.what, _forged)(conn, keys, scene, member, tap.reference)
    except NotAllowed:
        what = tap.what if tap.what in TAPS else "forged"
        log.warning("tap-refused", extra={"staff": member.id, "kind": what})
        whole = f"{house.console_url}/concerns"
        text = house.wording.text("staff.tap-nothing")
        return link_body(text, house.wording.text("button.open"), whole)
    url = f"{house.console_url}/concerns/{tap.reference}"
    label = house.wording.text("button.staff-open", short=tap.reference[-4:])
    return body(house.wording.text(key, **values), [[{"label": label, "url": url}]])


async def _forged(*_: object) -> Answer:
    raise NotAllowed("forged")


async def _take(conn: Conn, keys: Secrets, scene: Scene, member: Member, reference: str) -> Answer:
    done = await act_on(conn, keys, scene, member, reference, Act.TAKE)
    if not done.changed:
        return "staff.you-have", _values(done, scene)
    return "staff.you-took" if done.told else "staff.you-took-quiet", _values(done, scene)


async def _higher(
    conn: Conn, keys: Secrets, scene: Scene, member: Member, reference: str
) -> Answer:
    done = await act_on(conn, keys, scene, member, reference, Act.HIGHER)
    return "staff.you-raised" if done.told else "staff.you-raised-quiet", _values(done, scene)


def _values(done: Done, scene: Scene) -> Mapping[str, str | date]:
    values: dict[str, str | date] = {"reference": done.concern.reference}
    if done.concern.due is not None:  # as in all that is open
        values["date"] = scene.house.calendar.local_date(done.concern.due.at)
    return values


TAPS: Final[Mapping[str, Does]] = {TAKE: _take, HIGHER: _higher, alerting.SEEN_TAP: alerting.tapped}
