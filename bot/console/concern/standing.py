"""What staff must know before they write a word: who it is for and whether that person agreed, that
danger was said, that nothing reaches whoever is forgotten, that a copy is owed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.casework.answer import needs_confirming
from bot.casework.model import Concern, Kind
from bot.console import phrases
from storage.concerns import OpenPart

FOR_WHOM: Final = "for-whom"
CONSENT: Final = "consent"
DANGER: Final = "in-danger"
# The choices that the bot offers; anything else is the person's own words.
CHOSEN: Final[Mapping[str, str]] = {
    "me": "For themselves",
    "child": "For their child",
    "partner": "For their partner",
    "someone": "For someone they care for",
}
NOT_SAID: Final = "Not said"
DATA_COMPLAINT: Final = "Data complaint"
SAID_DANGER: Final = "The person said that someone is in danger"
SAID_LATER: Final[Mapping[str, str]] = {
    "no": "Later they said: not right now. Read both.",
    "not-sure": "Later they said: not sure. Read both.",
}
FORGOTTEN: Final = "This person asked to be forgotten. No answer can reach them"
KEPT_ONLY: Final = (
    "This is kept with the concern. It goes to nobody: the person asked to be forgotten."
)
FOR_THE_RECORD: Final = frozenset({"result", "day", "done", "why"})
"""What a form still asks for when nobody will get a letter."""

# What the carer answered to "do they know about this, and do they agree?"
CONSENTS: Final[Mapping[str, str]] = {
    "yes": "The carer says: the person knows about this and agrees.",
    "knows": "The carer says: the person knows about this, but does not agree, or did not say.",
    "unaware": "The carer says: the person does not know about this.",
    "unsure": "The carer is not sure whether the person knows about this and agrees.",
    "private": "The carer did not want to say whether the person knows about this.",
}
NEVER: Final = "Do not tell the carer anything about the person's own care or records."
CONFIRM: Final = "This says nothing about the person's own care or records"
CONFIRM_WHY: Final = (
    "Read your words again. If they say nothing about the person's own care or records, tick the "
    "box. If they do, take that out first."
)


@dataclass(frozen=True, slots=True)
class Carer:
    """Whom an answer goes to when it is not the person themselves; `said` is the recorded consent
    in words, empty when the concern is not a carer's."""

    said: str = ""
    confirm: bool = False


def text_of(part: OpenPart) -> str:
    """The words of a part. What is not text shows as the sign for a missing character, never as an
    error; control characters would be invisible or worse in a page."""
    text = part.words.decode("utf-8", "replace").replace("\r\n", "\n")
    return "".join(c if c >= " " or c in "\n\t" else "\ufffd" for c in text)


def answers(parts: Sequence[OpenPart], kind: str) -> list[str]:
    """What the person answered to one question, in order."""
    return [text_of(part) for part in parts if part.kind == kind and part.author_id is None]


def for_whom(parts: Sequence[OpenPart]) -> str:
    """Who the concern is for, as the person last said it."""
    said = answers(parts, FOR_WHOM)
    return CHOSEN.get(said[-1], said[-1]) if said else NOT_SAID


def carer(parts: Sequence[OpenPart]) -> Carer:
    """What is recorded of the person whom a carer speaks for."""
    whose, agreed = (
        said[-1] if said else "" for said in (answers(parts, FOR_WHOM), answers(parts, CONSENT))
    )
    confirm = needs_confirming(whose, agreed)
    if whose == "me" or not (confirm or agreed):
        return Carer()
    said = CONSENTS.get(agreed, f"The carer says: “{agreed}”" if agreed else "")
    said = said or "Nobody has recorded whether the person knows about this and agrees."
    return Carer(f"{said} {NEVER}" if confirm else said, confirm)


def danger(parts: Sequence[OpenPart], concern: Concern) -> str:
    """That danger was said, and what was said of it since. The person's own statement: never a
    score, and nothing that the program found out."""
    if not concern.in_danger:
        return ""
    said = answers(parts, DANGER)
    later = SAID_LATER.get(said[-1], "") if said else ""
    return f"{SAID_DANGER}. {later}".strip()


def labels(concern: Concern, now: datetime, zone: ZoneInfo) -> list[str]:
    """What a list can say of a concern without opening it."""
    found = [SAID_DANGER] * concern.in_danger + [FORGOTTEN] * concern.forgotten
    if concern.data_due is not None:
        found.append(copy_words(concern.data_due, now.astimezone(zone).date()))
    return found


def kind_words(concern: Concern) -> str:
    return DATA_COMPLAINT if concern.kind is Kind.DATA_COMPLAINT else ""


def copy_words(due: date, today: date) -> str:
    """That a copy is owed, by when."""
    when = f"{phrases.day(due)}, {phrases.distance(due, today)}"
    return f"A copy of their words is asked for by {when}"
