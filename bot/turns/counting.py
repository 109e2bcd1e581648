"""Which team's numbers a step belongs to, so that no number tells those who were kept out."""

from __future__ import annotations

from collections import Counter
from typing import Final, Protocol

from bot.casework.model import INDEPENDENT_TEAM
from bot.dialogue.counted import counted
from bot.dialogue.inputs import Input
from bot.dialogue.known import is_about_staff, settled_place
from bot.dialogue.model import Facts, Talk
from bot.dialogue.script import ASKS
from bot.turns.concern import Readership
from bot.turns.memory import Memory
from storage.concerns import ConcernRow
from storage.counts import Cell

Happened = Counter[Cell]

# Who is asked these wants somebody kept out: they count for the organisation, never for a team.
UNTEAMED: Final = frozenset({"who", "found", "check", "nobody"})


class Chat(Protocol):
    """What of a chat's turn decides the team."""

    memory: Memory
    rows: dict[str, ConcernRow]
    readership: Readership


def happened(chat: Chat, before: Talk, given: Input, facts: Facts) -> Happened:
    """The numbers that one step adds, by team, question and what."""
    after = chat.memory.talk
    found = Happened()
    for question, what in counted(before, given, after, facts):
        at = after if question == after.at else before
        found[_team(chat, question, at, facts), question, what.value] += 1
    return found


def _team(chat: Chat, question: str, talk: Talk, facts: Facts) -> str:
    """The team of the draft or the concern; "" when it is not known, or when anybody of it is kept
    out: they shall not see even in a number that somebody spoke."""
    if ASKS[question].about and talk.about in chat.rows:
        team = chat.rows[talk.about].team
        readers = chat.readership.readers.get(talk.about, frozenset())
        kept_out = any(
            one.id not in readers
            for one in facts.staff
            if any(held.team == team for held in one.memberships)
        )
        return "" if kept_out or team == INDEPENDENT_TEAM else team
    kept_out = bool(talk.kept_from or talk.kept_from_words) or is_about_staff(talk)
    if question in UNTEAMED or kept_out:
        return ""
    place = settled_place(talk, facts)
    return "" if place is None or place == INDEPENDENT_TEAM else place
