"""What an answer to a person must have, and whether it is plain enough to be understood.

The parts are those that answers people found good had in common: name, role, thanks, sorry, what
was done or why not, what next, a way back (Baines et al. 2018, domain evidence on responses).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_SENTENCE = 20  # words; NHS service manual, content rules


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


@dataclass(frozen=True, slots=True)
class Finding:
    """Words that are hard to read, and what to do about them. It stops nothing."""

    words: str
    advice: str


ASKED_FOR = {
    "first_name": "Write your first name. People trust an answer from a person.",
    "role": "Write your role, so that they know who answers.",
    "thanks": "Thank them for telling you.",
    "done": "Write what was done, or why not.",
    "next": "Write what happens next, and by when.",
    "back": "Write how they can come back to you.",
}

PLAINER = {
    "acute": "sudden, or severe",
    "adverse": "harmful",
    "aforementioned": "this",
    "as per": "as",
    "care plan review": "a meeting about your care",
    "care pathway": "the steps of your care",
    "commence": "start",
    "compliance": "taking it as agreed",
    "comply": "follow",
    "cpa": "Care Programme Approach: say what it is",
    "datix": "our reports of things that go wrong",
    "de-escalation": "calming things down",
    "disengaged": "did not come, or did not reply",
    "endeavour": "try",
    "escalate": "pass to someone more senior",
    "going forward": "from now on",
    "in accordance with": "by, or under",
    "in due course": "a date",
    "inpatient": "staying in hospital",
    "liaise": "talk to",
    "lessons learned": "what we will do differently",
    "mdt": "the team that plans your care",
    "multidisciplinary": "of different professions",
    "non-compliant": "did not take it",
    "obs": "checks",
    "outpatient": "visiting the hospital",
    "please be advised": "leave it out",
    "prn": "when needed",
    "pursuant": "under",
    "regarding": "about",
    "safeguarding": "keeping people safe from harm",
    "section 17": "leave from the ward",
    "sectioned": "kept in hospital under the Mental Health Act",
    "service user": "you",
    "stakeholders": "the people concerned",
    "sui": "a serious incident",
    "tribunal": "the court that can end a stay in hospital",
    "utilise": "use",
    "we apologise for any inconvenience": "we are sorry that, and say what happened",
    "we take all complaints seriously": "say what you did",
}


def problems(answer: Answer) -> list[Problem]:
    """What stops this from being sent, in the order of the form; empty when nothing does."""
    return [
        Problem(field, text)
        for field, text in ASKED_FOR.items()
        if not re.search(r"\w", getattr(answer, field))
    ]


def plain(text: str) -> list[Finding]:
    """Sentences over 20 words, and words that staff use and other people do not."""
    found = [
        Finding(sentence, f"This sentence has {count} words. Make two of it.")
        for sentence in _sentences(text)
        if (count := len(sentence.split())) > LONGEST_SENTENCE
    ]
    for term, plainer in PLAINER.items():
        said = re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text, re.IGNORECASE)
        if said:
            found.append(Finding(said[0], f"Plainer: {plainer}."))
    return found


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


def _sentences(text: str) -> list[str]:
    found = re.split(r"(?<=[.!?])\s+|\n+", text)
    return [sentence.strip() for sentence in found if sentence.strip()]
