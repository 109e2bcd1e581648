"""What is true for one chat at one moment: all that a step of the talk may know."""

from __future__ import annotations

import secrets as chance
from collections.abc import Mapping

from bot.casework.life import promised_dates
from bot.dialogue.model import Facts, OwnConcern
from bot.turns.asked import new_reference
from bot.turns.clearing import Visit
from bot.turns.concern import as_concern
from bot.turns.house import House, Scene
from bot.turns.memory import Memory
from storage.concerns import ConcernRow


def facts_now(scene: Scene, memory: Memory, rows: Mapping[str, ConcernRow], visit: Visit) -> Facts:
    """Fresh ids come with it: they are used only if the step opens something."""
    house, now = scene.house, scene.now
    acknowledge_by, answer_by = promised_dates(house.calendar, now, house.clocks)
    own = [rows[one] for one in reversed(memory.concerns) if one in rows]
    return Facts(
        today=house.calendar.local_date(now),
        new_id=chance.token_hex(16),
        new_reference=new_reference(),
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
        lexicon=house.lexicon(memory.talk.language),
        concerns=tuple(_own(one, house) for one in own),
    )


def _own(row: ConcernRow, house: House) -> OwnConcern:
    calendar = house.calendar
    return OwnConcern(
        row.id,
        row.reference,
        as_concern(row).state,
        calendar.local_date(row.sent_at),
        calendar.local_date(row.due_at) if row.due_at else None,
    )
