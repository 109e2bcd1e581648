"""One concern as a page shows it: a card of facts, what was said in order, and what may be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.casework import marks
from bot.casework.model import Concern
from bot.console import phrases
from bot.console.concern import alert_words
from bot.console.concern.files import SHOWN
from bot.console.concern.marked import noted_text
from bot.console.concern.standing import CHOSEN, FOR_WHOM, kind_words, labels, text_of
from bot.console.worklist import NEEDS, Facts, Need, need
from bot.desk.desk import OFFERED
from bot.turns.attachments import called, part_of
from bot.turns.files import PART
from storage.audit import Line
from storage.concerns import OpenPart
from storage.files import FileState

# Whose words a part holds: the side of the page and the label above it.
PERSON: Final[Mapping[str, str]] = {
    "words": "The person wrote",
    "added": "The person added",
    "topic": "What it is about, chosen by the person",
    "not-answered": "The person said why the answer did not help",
    "place": "Which place it is about, chosen by the person",
    "kept-from": "Who should be kept from it, in the person's words",
    "for-whom": "Asked who it is for, the person wrote",
    "in-danger": "Asked if someone is in danger right now, the person said",
    "danger-words": "Asked if someone is in danger right now, the person wrote",
    "danger-details": "Who is in danger, where, and a number, as the person wrote it",
    "consent": "Asked if the person they care for knows and agrees, the carer said",
    "own-worry": "A worry of the carer's own (not the person's)",
    "write-to": "How to write to the person, as they said it",
    "question-skipped": "The person skipped the question",
    "wants-talk": "Asked if they want to talk about how it will be handled, the person said",
}
STAFF: Final[Mapping[str, str]] = {
    "answer": "Answer to the person",
    "outcome": "Outcome told to the person",  # from before outcomes were told apart
    "outcome-changed": "Outcome told to the person: something has changed",
    "outcome-will-change": "Outcome told to the person: something will change",
    "outcome-not-changed": "Outcome told to the person: nothing has changed",
    "pause": "Why it was paused, told to the person",
    "question": "Question to the person",
}
NOTE: Final = "Note for colleagues"
UNSEEN: Final = "the person never sees this"
CODED: Final = "coded"  # ids of themes, which have a part of the page to themselves
# What staff did without words to the person. Reading is noted too, but is nobody's news.
DEEDS: Final[Mapping[str, str]] = {
    "acknowledge": "Acknowledged",
    "look-into": "Taken up, to be looked into",
    "resume": "Carried on after a pause",
    "take": "Taken",
    "higher": "Said to need someone higher",
    "exported": "Exported",
    "passed": "Passed on",
    "access-given": "A colleague given access",
    "handed-on": "Handed on, because somebody left,",
    "coded": "It was said what this is about",
    "published": "A public line published",
    "unpublished": "A public line withdrawn",
    "copy-sent": "A copy of their words sent to the person",
}
# What was answered by a button, in the words that stood on it.
SHORT: Final[Mapping[tuple[str, str], str]] = {
    ("in-danger", "yes"): "Yes, in danger now",
    ("in-danger", "no"): "No, not right now",
    ("in-danger", "not-sure"): "Not sure",
    ("consent", "yes"): "They know and agree",
    ("consent", "knows"): "They know, but have not agreed",
    ("consent", "unaware"): "They do not know",
    ("consent", "unsure"): "Not sure",
    ("consent", "private"): "They did not want to say",
    ("write-to", "easy-words"): "In easy words",
    ("question-skipped", "skip"): "They would rather not answer",
    ("wants-talk", "yes"): "Yes, they want to talk",
    ("wants-talk", "no"): "No, not now",
}
SIDES: Final = ("them", "note", "us")  # the order of what happened at one moment
STILL: Final = "It is still on its way to us. Please look again in a few minutes."
LOST: Final = "It could not be kept. The person was told."


@dataclass(frozen=True, slots=True)
class Card:
    """The facts of a concern in words, for its row in a list and the top of its page."""

    reference: str
    team: str
    state: str
    level: str
    due: str
    missed: str
    need: str
    need_class: str
    age: str
    sent: str
    promised: str  # a change that was promised, and by when; empty when none was
    kind: str = ""  # what it is, if it is no ordinary concern
    labels: Sequence[str] = ()  # what else must be seen at once


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was said or done; `words` are empty for what was only done."""

    side: str  # them, us or note: a class of the style sheet
    label: str
    at: str
    iso: str
    words: str
    file: str = ""  # the part's id, if it is a file that can be opened
    name: str = ""  # what kind of file
    shows: str = ""  # audio, image or video if the page itself can show it


def card(
    concern: Concern, team: str, now: datetime, zone: ZoneInfo, needed: Need | None = None
) -> Card:
    """`needed` is what a list found out already."""
    needed = need(concern, Facts(now, zone)) if needed is None else needed
    sent, today = concern.sent_at.astimezone(zone).date(), now.astimezone(zone).date()
    return Card(
        reference=concern.reference,
        team=team,
        state=phrases.state_words(concern),
        level=phrases.LEVELS[concern.level],
        due=phrases.due_words(concern, now, zone),
        missed=phrases.missed_words(concern),
        need=NEEDS.get(needed, ""),
        need_class=needed.name.lower(),
        age=phrases.age(sent, today),
        sent=phrases.moment(concern.sent_at, zone),
        promised=phrases.promised_words(concern, today),
        kind=kind_words(concern),
        labels=labels(concern, now, zone),
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, and what the page needs to name people and times for them. `names` are by id."""

    id: str
    names: Mapping[str, str]
    zone: ZoneInfo

    def name(self, staff_id: str | None) -> str:
        if staff_id == self.id:
            return "you"
        return self.names.get(staff_id or "") or "someone who has left"


def entries(
    parts: Sequence[OpenPart],
    deeds: Sequence[Line],
    reader: Reader,
    files: Mapping[str, FileState],
) -> list[Entry]:
    """What was said and done, oldest first. `files` tells where each part's file is."""
    shown = [
        (part.at, _sent(part, reader, files) if part.kind == PART else _said(part, reader))
        for part in parts
        if not _is_chosen(part) and part.kind != CODED
    ]
    shown += [(deed.at, _done(deed, reader)) for deed in deeds if deed.action in DEEDS]
    alerts = [(deed, alert_words.of(deed, reader.name)) for deed in deeds]
    shown += [(deed.at, _entry("note", words, deed.at, reader)) for deed, words in alerts if words]
    return [entry for _, entry in sorted(shown, key=lambda one: (one[0], SIDES.index(one[1].side)))]


def _is_chosen(part: OpenPart) -> bool:
    """Whether it says who the concern is for by a button, which the top of the page shows."""
    return part.kind == FOR_WHOM and text_of(part) in CHOSEN


def _said(part: OpenPart, reader: Reader) -> Entry:
    side, label = "note", "Note"
    if part.kind in PERSON:
        side, label = "them", PERSON[part.kind]
    elif part.kind in STAFF:
        side, label = "us", f"{STAFF[part.kind]}, by {reader.name(part.author_id)}"
    elif part.kind in marks.KINDS:
        name = marks.EVERY[part.kind].label if part.kind in marks.EVERY else NOTE
        label = f"{name}, by {reader.name(part.author_id)}: {UNSEEN}"
        return _entry(side, label, part.at, reader, noted_text(part))
    return _entry(
        side, label, part.at, reader, SHORT.get((part.kind, text_of(part)), text_of(part))
    )


def _sent(part: OpenPart, reader: Reader, files: Mapping[str, FileState]) -> Entry:
    """A file. Its part holds its key, which no page shows."""
    held, state = part_of(part), files.get(part.id)
    kind = held.kind if held is not None else ""
    name = called(kind)
    entry = replace(_entry("them", f"The person sent: {name}", part.at, reader), name=name)
    if state is FileState.KEPT:
        return replace(entry, file=part.id, shows=SHOWN.get(kind, ""))
    return replace(entry, words=STILL if state is FileState.PENDING else LOST)


def _done(deed: Line, reader: Reader) -> Entry:
    offered = ", with an offer to talk" if deed.detail == OFFERED else ""
    label = f"{DEEDS[deed.action]} by {reader.name(deed.staff_id)}{offered}"
    return _entry("note", label, deed.at, reader)


def _entry(side: str, label: str, at: datetime, reader: Reader, words: str = "") -> Entry:
    local = at.astimezone(reader.zone)
    return Entry(
        side, label, phrases.moment(at, reader.zone), local.isoformat("T", "minutes"), words
    )
