"""A concern whose person asked to be forgotten: they know that no word can come, and said so.

State, level and the next date stay, because somebody must still look at what was said. Only what
would be told to the person is told to nobody, so no concern of theirs waits in silence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.casework.life import decide
from bot.casework.model import OPEN_STATES, Act, Concern, Decision, Event, TellStaff
from bot.casework.promises import ENGLAND, Clocks
from bot.casework.spoken import spoken
from bot.casework.working_days import Calendar


def forget(
    concern: Concern, calendar: Calendar, now: datetime, clocks: Clocks = ENGLAND
) -> Decision:
    """The concern without its person. Dates that passed before are carried out first."""
    so_far = decide(concern, Event(Act.TIME), calendar, now, clocks)
    after = replace(so_far.concern, forgotten=True, data_due=None)
    told = so_far.tells
    if after.state in OPEN_STATES:
        told += (TellStaff(after.level, "staff.forgotten", {"reference": after.reference}),)
    return spoken(Decision(after, told))
