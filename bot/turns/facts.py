"""What is true for one chat at one moment: all that a step of the talk may know."""

from __future__ import annotations

import secrets as chance
from collections.abc import Mapping, Sequence

from bot.casework.alerting import in_line
from bot.casework.life import promised_dates
from bot.casework.proof import receipt_code
from bot.dialogue.model import Facts, OwnConcern
from bot.turns.asked import new_reference
from bot.turns.clearing import Visit
from bot.turns.concern import Readership, as_concern
from bot.turns.house import MINUTE, House, Scene
from bot.turns.memory import Memory
from storage.concerns import ConcernRow


def facts_now(
    scene: Scene,
    memory: Memory,
    rows: Mapping[str, ConcernRow],
    visit: Visit,
    readership: Readership,
) -> Facts:
    """Fresh ids come with it: they are used only if the step opens something."""
    house, now = scene.house, scene.now
    acknowledge_by, answer_by = promised_dates(house.calendar, now, house.clocks)
    own = [rows[one] for one in reversed(memory.concerns) if one in rows]
    new_id, reference = chance.token_hex(16), new_reference()
    return Facts(
        today=house.calendar.local_date(now),
        new_id=new_id,
        new_reference=reference,
        new_code=receipt_code(new_id, reference, now),
        acknowledge_by=acknowledge_by,
        answer_by=answer_by,
        places=scene.places,
        staff=scene.staff,
        labels=house.languages.labels(memory.talk.language),
        languages=house.languages.names,
        ways=house.clocks.ways.replace("push.", "talk.", 1),
        away=visit.away,
        clearable=visit.clearable,
        too_old=visit.too_old,
        data_asked=frozenset(one.id for one in own if one.data_due),
        changes=house.changes.of([one for one in (memory.talk.place, *_teams(own)) if one]),
        wants_changes=visit.wants_changes,
        lexicon=house.lexicon(memory.talk.language),
        alertable=frozenset(
            one.id for one in own if in_line(readership.able(one.id, scene.staff), one.team)
        ),
        alert_minutes=house.alert_pause // MINUTE,
        concerns=tuple(_own(one, house, memory.concerns, scene.joins) for one in own),
    )


def _teams(own: Sequence[ConcernRow]) -> list[str]:
    return list(dict.fromkeys(one.team for one in own))


def _own(
    row: ConcernRow, house: House, own: Sequence[str], asked: Mapping[str, Sequence[str]]
) -> OwnConcern:
    calendar, joins = house.calendar, asked.get(row.id, ())
    return OwnConcern(
        row.id,
        row.reference,
        as_concern(row).state,
        calendar.local_date(row.sent_at),
        calendar.local_date(row.due_at) if row.due_at else None,
        row.asked_at is not None,
        next((one for one in joins if one in own), ""),
        receipt_code(row.id, row.reference, row.sent_at),
    )
