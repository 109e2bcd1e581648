"""The answer form: its boxes, how it becomes an answer, an outcome or a pause, and how it is kept
half-written. Pure: no request, no store, no clock."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.casework import answer as plain_answer
from bot.casework.answer import Answer, compose
from bot.casework.model import Act, Event, Result

KINDS: Final[Mapping[str, Act]] = {
    "answer": Act.ANSWER,
    "outcome": Act.RECORD_OUTCOME,
    "pause": Act.PAUSE,
    "question": Act.ASK,
}
HEADINGS: Final = {
    "answer": "Write an answer",
    "outcome": "Write the outcome",
    "pause": "Pause it",
    "question": "Ask the person a question",
}
LEADS: Final = {
    "answer": "This goes to the person now. The concern stays open.",
    "outcome": "This goes to the person, and they are asked if it answers them.",
    "pause": "This goes to the person with the date. On that day it goes on by itself.",
    "question": "This goes to the person. They can answer or skip it. No promised date moves.",
}
MOST_KEPT: Final = 4096  # characters of one box that are kept in a draft


@dataclass(frozen=True, slots=True)
class Box:
    """One thing the form asks for. `rows` is its height; 1 is a single line."""

    name: str
    label: str
    hint: str
    rows: int = 3


BOXES: Final = (
    Box("first_name", "Your first name", "People trust an answer from somebody.", 1),
    Box("role", "Your role", "As you would say it to a patient. For example, ward manager.", 1),
    Box("thanks", "Thanks", "Thank them for telling us. Say what it helped you to see."),
    Box("sorry", "Sorry, if it fits", "Say it plainly if something went wrong. You can skip this."),
    Box("done", "What was done, or why not", "What you found, and what you did about it.", 5),
    Box("next", "What happens next, and by when", "Only what you can keep."),
    Box("back", "How to come back to you", "For example, who to ask for, and when."),
)
WHY: Final = Box("why", "Why it has to wait", "What it waits for, in plain words. They read it.")
PAUSE_BOXES: Final = (*BOXES[:2], WHY)
ASK: Final = Box("ask", "Your question", "One thing at a time. Say why you ask.")
SHORT_BOXES: Final = {"pause": PAUSE_BOXES, "question": (*BOXES[:2], ASK)}
DATE: Final = ("day", "month", "year")
NAMES: Final = (*(box.name for box in BOXES), WHY.name, ASK.name, "result", *DATE)


def boxes(kind: str) -> tuple[Box, ...]:
    return SHORT_BOXES.get(kind, BOXES)


def unseen(kind: str) -> list[str]:
    """What this form does not show but carries along, so that nothing half-written is lost when
    somebody changes to another form."""
    shown = {box.name for box in boxes(kind)}
    shown |= {"outcome": {"result", *DATE}, "pause": set(DATE)}.get(kind, set())
    return [name for name in NAMES if name not in shown]


@dataclass(frozen=True, slots=True)
class Problem:
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Which dates can be promised: after today, at most `furthest` away, on a day when we work."""

    today: date
    furthest: timedelta
    works: Callable[[date], bool]


def written(form: Mapping[str, str]) -> dict[str, str]:
    """What a person wrote into the form, and nothing else that came with it."""
    return {name: form.get(name, "")[:MOST_KEPT] for name in NAMES}


def packed(kind: str, words: Mapping[str, str]) -> bytes:
    """A half-written answer as bytes, to be sealed."""
    return json.dumps({"kind": kind, **words}, ensure_ascii=False).encode()


def kind_of(draft: bytes | None) -> str:
    """Which form a half-written answer belongs to; empty for none."""
    kind = json.loads(draft).get("kind") if draft else ""
    return kind if kind in KINDS else ""


def unpacked(draft: bytes | None) -> dict[str, str]:
    """The other way round. A draft from an older form gives what it has."""
    given = json.loads(draft) if draft else {}
    return written({str(name): str(value) for name, value in given.items()})


def composed(kind: str, words: Mapping[str, str]) -> str:
    """The text for the person."""
    return compose(answer(kind, words))


def left_over(kind: str, words: Mapping[str, str]) -> dict[str, str] | None:
    """What is still half-written once this is sent: the answer that a pause or a question put
    aside."""
    rest = {**words, WHY.name: "", ASK.name: "", **dict.fromkeys(DATE, "")}
    written_too = any(words[box.name].strip() for box in BOXES[2:])
    return rest if kind in SHORT_BOXES and written_too else None


def problems(kind: str, words: Mapping[str, str], limits: Limits) -> list[Problem]:
    """What stops this from being sent, in the order of the page; empty when nothing does."""
    if kind in SHORT_BOXES:
        found = _date_problems(words, limits) if kind == "pause" else []
        missing = [box.name for box in boxes(kind) if not re.search(r"\w", words[box.name])]
        return found + [Problem(name, SHORT_ASKS[name]) for name in missing]
    found = _outcome_problems(words, limits) if kind == "outcome" else []
    return found + [
        Problem(one.field, one.text) for one in plain_answer.problems(answer(kind, words))
    ]


SHORT_ASKS: Final = {
    **{name: plain_answer.ASKED_FOR[name] for name in ("first_name", "role")},
    "why": "Write why it has to wait.",
    "ask": "Write your question.",
}


def too_long(kind: str) -> Problem:
    """What to say of words that do not fit into one message with the sentences around them."""
    return Problem(
        {"pause": WHY.name, "question": ASK.name}.get(kind, "done"),
        "This is too long for one message. Make it shorter.",
    )


def event(kind: str, words: Mapping[str, str], staff_id: str, today: date) -> Event:
    """What sending this does to the concern. Ask `problems` first."""
    if kind in {"answer", "question"}:
        return Event(KINDS[kind], by=staff_id)
    if kind == "pause":
        return Event(Act.PAUSE, by=staff_id, by_date=_day(words, today))
    result = Result(words["result"])
    by_date = _day(words, today) if result is Result.WILL_CHANGE else None
    return Event(Act.RECORD_OUTCOME, by=staff_id, result=result, by_date=by_date)


def _outcome_problems(words: Mapping[str, str], limits: Limits) -> list[Problem]:
    if words["result"] not in set(Result):
        return [Problem("result", "Choose what came of it")]
    return _date_problems(words, limits) if words["result"] == Result.WILL_CHANGE else []


def _date_problems(words: Mapping[str, str], limits: Limits) -> list[Problem]:
    day = _day(words, limits.today)
    if day is None:
        return [Problem("day", "Enter a real date: a day, a month and a year")]
    if not limits.today < day <= limits.today + limits.furthest:
        days = limits.furthest.days
        return [Problem("day", f"The date must be after today, and at most {days} days away")]
    if not limits.works(day):
        return [Problem("day", "Choose a working day, so that they hear on that very day")]
    return []


def _day(words: Mapping[str, str], today: date) -> date | None:
    """The date in the three boxes; a year left empty means the next time that day comes."""
    try:
        day, month = int(words["day"]), int(words["month"])
        year = words["year"].strip()
        if year:
            return date(int(year), month, day)
        this = date(today.year, month, day)
        return this if this > today else date(today.year + 1, month, day)
    except ValueError:
        return None


def answer(kind: str, words: Mapping[str, str]) -> Answer:
    said = {box.name: words[box.name].strip() for box in BOXES}
    if kind in SHORT_BOXES:
        own = words[boxes(kind)[-1].name].strip()
        said |= {"thanks": "", "sorry": "", "done": own, "next": "", "back": ""}
    return Answer(**said)
