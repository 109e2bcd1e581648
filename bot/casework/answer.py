"""What an answer to a person must have.

The parts are those that answers people found good had in common: name, role, thanks, sorry, what
was done or why not, what next, a way back (Baines et al. 2018, domain evidence on responses).
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    first_name: str
    role: str
    thanks: str
    done: str  # what was done, or why not
    next: str  # what happens next, and by when
    back: str  # how to come back
    sorry: str = ""  # where it fits


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of the form that is missing, and what to write there."""

    field: str
    text: str


ASKED_FOR = {
    "first_name": "Write your first name. People trust an answer from a person.",
    "role": "Write your role, so that they know who answers.",
    "thanks": "Thank them for telling you.",
    "done": "Write what was done, or why not.",
    "next": "Write what happens next, and by when.",
    "back": "Write how they can come back to you.",
}


def problems(answer: Answer) -> list[Problem]:
    """What stops this from being sent, in the order of the form; empty when nothing does."""
    return [
        Problem(field, text)
        for field, text in ASKED_FOR.items()
        if not re.search(r"\w", getattr(answer, field))
    ]


def compose(answer: Answer) -> str:
    """The text the person gets: the parts in the order of a letter, signed with name and role."""
    parts = (answer.thanks, answer.sorry, answer.done, answer.next, answer.back)
    signed = ", ".join(filter(None, (answer.first_name.strip(), answer.role.strip())))
    return "\n\n".join(part for part in (*(one.strip() for one in parts), signed) if part)


def needs_confirming(for_whom: str, consent: str) -> bool:
    """Whether whoever writes must first say that nothing in it is about the person's own care: it
    goes to somebody who speaks for them, and that the person agrees is not recorded.

    `for_whom` and `consent` are the newest answers that the one who wrote to us gave, "" for none.
    Confidentiality holds towards carers too: reference/uk-rules.md, "Carers".
    """
    if for_whom == "me" or (not for_whom and not consent):
        return False
    return consent != "yes"
