"""The answer form: its boxes, how it becomes an answer or an outcome, and how a half-written one is
kept. Pure: no request, no store, no clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.casework import answer as plain_answer
from bot.casework.answer import Answer, Finding, compose
from bot.casework.model import Act, Event, Result

KINDS: Final[Mapping[str, Act]] = {"answer": Act.ANSWER, "outcome": Act.RECORD_OUTCOME}
TELEGRAM_LIMIT: Final = 4096  # characters of one message (core.telegram.org/bots/api#sendmessage)
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
EXTRA: Final = ("result", "day", "month", "year")
NAMES: Final = (*(box.name for box in BOXES), *EXTRA)


@dataclass(frozen=True, slots=True)
class Problem:
    field: str
    text: str


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


def composed(words: Mapping[str, str]) -> str:
    """The text for the person."""
    return compose(answer(words))


def hard_words(words: Mapping[str, str]) -> list[Finding]:
    """What could be said more plainly. It stops nothing."""
    return plain_answer.plain(composed(words))


def problems(
    kind: str, words: Mapping[str, str], today: date, furthest: timedelta
) -> list[Problem]:
    """What stops this from being sent, in the order of the page; empty when nothing does.
    `furthest` is how far ahead a change may be promised."""
    found = _outcome_problems(words, today, furthest) if kind == "outcome" else []
    found += [Problem(one.field, one.text) for one in plain_answer.problems(answer(words))]
    if not found and len(composed(words).encode("utf-16-le")) // 2 > TELEGRAM_LIMIT:
        found.append(Problem("done", "This is too long for one message. Make it shorter."))
    return found


def event(kind: str, words: Mapping[str, str], staff_id: str, today: date) -> Event:
    """What sending this does to the concern. Ask `problems` first."""
    if kind == "answer":
        return Event(Act.ANSWER, by=staff_id)
    result = Result(words["result"])
    by_date = _day(words, today) if result is Result.WILL_CHANGE else None
    return Event(Act.RECORD_OUTCOME, by=staff_id, result=result, by_date=by_date)


def _outcome_problems(words: Mapping[str, str], today: date, furthest: timedelta) -> list[Problem]:
    if words["result"] not in set(Result):
        return [Problem("result", "Choose what came of it")]
    if words["result"] != Result.WILL_CHANGE:
        return []
    day = _day(words, today)
    if day is None:
        return [Problem("day", "Enter a real date: a day, a month and a year")]
    if not today < day <= today + furthest:
        return [
            Problem("day", f"The date must be after today, and at most {furthest.days} days away")
        ]
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


def answer(words: Mapping[str, str]) -> Answer:
    return Answer(**{box.name: words[box.name].strip() for box in BOXES})
