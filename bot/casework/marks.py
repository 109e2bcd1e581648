"""What staff note about a concern in set words: safeguarding, candour, harm, where it was routed.

Pure: what each form asks for, what stops it, and how it reads. The person never sees these.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.casework.answer import Problem

LONGEST: Final = 4000  # characters of one box


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing a form asks for: one of `choices` by their words, else free words or a date."""

    name: str
    label: str
    choices: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""
    must: str = ""  # what to say when it is missing; empty: it may be
    day: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One kind of note in set words; `kind` is the part's kind, in the clear."""

    kind: str
    heading: str
    label: str  # above it in the timeline
    asks: tuple[Asked, ...]
    lead: str = ""


YES_NO: Final = {"yes": "Yes", "no": "No"}
# The two scales of Learn from Patient Safety Events (LFPSE): reference/uk-rules.md, "LFPSE
# mapping". Psychological harm has no fatal grade there.
PHYSICAL: Final = {
    "none": "No physical harm",
    "low": "Low physical harm",
    "moderate": "Moderate physical harm",
    "severe": "Severe physical harm",
    "fatal": "Fatal",
}
PSYCHOLOGICAL: Final = {
    "none": "No psychological harm",
    "low": "Low psychological harm",
    "moderate": "Moderate psychological harm",
    "severe": "Severe psychological harm",
}

SAFEGUARDING: Final = Mark(
    "safeguarding",
    "Shared for safeguarding",
    "Shared for safeguarding, noted",
    (
        Asked("with_whom", "Who was it shared with?", must="Write who it was shared with."),
        Asked("why", "Why was it shared?", must="Write why it was shared."),
        Asked(
            "consent",
            "Was the person asked for their consent?",
            {
                "agreed": "Yes, and they agreed",
                "refused": "Yes, and they did not agree",
                "no": "No",
            },
            must="Choose whether the person was asked.",
        ),
        Asked(
            "why_not",
            "If it was not agreed: why was it shared all the same?",
            hint="For example, asking would have put somebody in danger.",
        ),
    ),
)
CANDOUR: Final = Mark(
    "candour",
    "Duty of candour",
    "Duty of candour, noted",
    (
        Asked(
            "applies",
            "Does the duty of candour apply?",
            YES_NO,
            must="Choose whether it applies.",
        ),
        Asked(
            "done",
            "What was done?",
            hint="Who told the person, face to face, and when. Who wrote to them afterwards.",
        ),
    ),
    "A message through Heard does not fulfil the duty: the person is told face to face first.",
)
HARM: Final = Mark(
    "harm",
    "Grade of harm",
    "Harm graded",
    (
        Asked("physical", "Physical harm", PHYSICAL, must="Choose the grade of physical harm."),
        Asked(
            "psychological",
            "Psychological harm",
            PSYCHOLOGICAL,
            must="Choose the grade of psychological harm.",
        ),
    ),
    "It grades what happened, for the national records (LFPSE). It never grades the person.",
)
ROUTES: Final = {
    "pals": "PALS",
    "complaint": "A formal complaint",
    "incident": "An incident report",
    "safeguarding": "A safeguarding referral",
}
# These two are the person's own steps; the others are ours to take.
THEIRS: Final = frozenset({"pals", "complaint"})
NEEDS_THEM: Final = "It goes there only if the person asked for it or agreed. Ask them first."
ROUTE: Final = Mark(
    "route",
    "Where it was sent on to",
    "Sent on, noted",
    (
        Asked("to", "Where to?", ROUTES, must="Choose where it was sent on to."),
        Asked("reference", "Their reference, if there is one"),
        Asked("on", "On which day?", day=True, must="Enter a real date that is not ahead."),
        Asked(
            "agreed",
            "Did the person want this?",
            {
                "asked": "They asked for it",
                "agreed": "They were asked, and agreed",
                "no": "They were not asked, or did not agree",
            },
            must="Choose what the person wanted.",
        ),
        Asked("note", "Anything else that colleagues should know"),
    ),
    "This stops no clock, and tells the person nothing. If they should know, write them an answer.",
)
MARKS: Final = {one.kind: one for one in (SAFEGUARDING, CANDOUR, HARM)}
EVERY: Final[Mapping[str, Mark]] = {**MARKS, ROUTE.kind: ROUTE}
NOTE: Final = "staff-note"
KINDS: Final = frozenset({NOTE, *EVERY})  # of parts that are for colleagues alone


def taken(mark: Mark, form: Mapping[str, str]) -> dict[str, str]:
    """What the form says, and nothing else that came with it; a date as ISO, empty if there is
    none."""
    said = {}
    for one in mark.asks:
        words = _day(form, one.name) if one.day else form.get(one.name, "").strip()[:LONGEST]
        said[one.name] = "" if one.choices and words not in one.choices else words
    return said


def problems(mark: Mark, said: Mapping[str, str], today: date) -> list[Problem]:
    """What stops this from being noted, in the order of the form; empty when nothing does."""
    found = [Problem(one.name, one.must) for one in mark.asks if one.must and _missing(one, said)]
    ahead = [one for one in mark.asks if one.day and said[one.name] > today.isoformat()]
    found += [Problem(one.name, one.must) for one in ahead]
    if mark is SAFEGUARDING and said["consent"] in {"refused", "no"} and not said["why_not"]:
        found.append(Problem("why_not", "Write why it was shared all the same."))
    if mark is CANDOUR and said["applies"] == "yes" and not said["done"]:
        found.append(Problem("done", "Write what was done."))
    if mark is ROUTE and said["to"] in THEIRS and said["agreed"] == "no":
        found.append(Problem("agreed", NEEDS_THEM))
    return found


def packed(said: Mapping[str, str]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


def lines(mark: Mark, words: bytes) -> Sequence[tuple[str, str]]:
    """Label and answer of everything that was said; nothing for what does not read."""
    try:
        held = json.loads(words)
    except ValueError:
        return ()
    if not isinstance(held, dict):
        return ()
    said = [(one, str(held.get(one.name, ""))) for one in mark.asks]
    return [(one.label, one.choices.get(words, words)) for one, words in said if words]


def as_text(mark: Mark, words: bytes) -> str:
    return "\n".join(f"{label.rstrip('?')}: {said}" for label, said in lines(mark, words))


def _missing(asked: Asked, said: Mapping[str, str]) -> bool:
    return not re.search(r"\w", said[asked.name])


def _day(form: Mapping[str, str], name: str) -> str:
    try:
        numbers = [int(form.get(f"{name}_{part}", "")) for part in ("year", "month", "day")]
        return date(*numbers).isoformat()
    except ValueError:
        return ""
