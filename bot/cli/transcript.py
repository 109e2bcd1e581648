r"""The lines of a transcript: what a person does, what the phone shows, what is done for them.

A transcript is written again from the person's lines alone and must come out the same, so every
word, button and deed in it is checked.

    PERSON: words            words that are typed; \\n for a new line, {x*4096} for many
    TAP: label               the newest button of this label
    TAP OLD: label           the oldest button of this label that was ever shown
    EDIT: words              a message is changed
    SENDS: sticker           something that is not words; a file may have a size: photo 20MB
    COMMAND: start code      a slash command
    GROUP / FORGED / BLOCKS / UNBLOCKS / POISON
    OPENS: id                "Read it" under a notice
    LATER: 3 days            time passes: hours, days or weeks
    LANGUAGES: en English, cy Cymraeg    which are turned on
    STAFF: H-7K2M-0004 outcome    staff move a concern
    STAFF: H-7K2M-0004 asks       staff ask a question, which waits for a reply
    STAFF: H-7K2M-0009 one-with H-7K2M-0004    staff ask whether both are one matter
    OUTCOME: H-7K2M-0004 yes      a button under what staff told: yes or not-really, reply, ...
    AGAIN: 40 words          the same words that many times, only the last answer shown
    PLACES: one | none       FEW: only independent staff      (before anything is said)
    HEARD: what the phone shows; lines that go on are indented; [Buttons] in rows
    DONE: what is done for the person
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from bot.casework.model import State
from bot.cli.deeds import NotThere
from bot.cli.rehearsal import Rehearsal, Shown
from bot.cli.stage import INDEPENDENT
from bot.dialogue.inputs import (
    Attached,
    Commanded,
    Edited,
    Elsewhere,
    Forged,
    Input,
    Left,
    OpenNews,
    Returned,
    Said,
    SetAside,
    Unreadable,
)
from bot.dialogue.model import Change, Place

# Kinds that Heard keeps as files; whatever else is sent cannot be read.
FILES: Final = frozenset(
    {"photo", "voice", "video_note", "video", "animation", "document", "audio"}
)
SIMPLE: Final[Mapping[str, Input]] = {
    "GROUP": Elsewhere(),
    "FORGED": Forged(),
    "BLOCKS": Left(),
    "UNBLOCKS": Returned(),
    "POISON": SetAside(),
}
WITH_WORDS: Final = frozenset(
    {"PERSON", "TAP", "TAP OLD", "EDIT", "SENDS", "COMMAND", "OPENS", "LATER", "STAFF", "OUTCOME"}
    | {"AGAIN", "LANGUAGES", "PLACES", "FEW", "CHANGED"}
)
_OURS: Final = ("HEARD:", "DONE:", "  ")
_SIZE: Final = re.compile(r"(\d+)\s*(B|KB|MB)", re.IGNORECASE)
_UNITS: Final = {"B": 1, "KB": 1024, "MB": 1024 * 1024}
_TIME: Final = re.compile(r"(\d+)\s*(h|d|w)(?:ours?|ays?|eeks?)?")
_HOURS: Final = {"h": 1, "d": 24, "w": 7 * 24}


class LineError(Exception):
    """A line that cannot be played. The text says why; whoever wrote it can change it."""


def persons_lines(text: str) -> list[str]:
    """The lines that people wrote, not those that the program says."""
    lines: list[str] = []
    ours = False
    for line in text.splitlines():
        if line.startswith(_OURS):
            ours = True
        elif line.strip():
            ours = False
            lines.append(line)
        elif not ours and lines and lines[-1]:
            lines.append("")
    return lines


def replayed(phone: Rehearsal, text: str) -> str:
    """The whole transcript, played again on a fresh phone. Raises LineError."""
    out: list[str] = []
    for line in persons_lines(text):
        if line and not line.startswith("#") and out and out[-1]:
            out.append("")
        out.append(line)
        if line and not line.startswith("#"):
            out += rendered(played(phone, line))
    return "\n".join(out) + "\n"


def played(phone: Rehearsal, line: str) -> Sequence[Shown | str]:
    """What comes of one line of the person's. Raises LineError."""
    word, _, rest = line.partition(":")
    if word not in WITH_WORDS and word not in SIMPLE:
        raise LineError(f"nobody knows how to play {line!r}")
    try:
        return _with_words(phone, word, rest.strip())
    except (LineError, NotThere) as error:
        raise LineError(f"{line}: {error}") from None


def _with_words(phone: Rehearsal, word: str, rest: str) -> Sequence[Shown | str]:
    match word:
        case "TAP" | "TAP OLD":
            return phone.taps(rest, oldest=word == "TAP OLD")
        case "OUTCOME":
            return phone.answers(*_pair(rest))
        case "LATER":
            return phone.waits(time_in(rest))
        case "AGAIN":
            count, words = _pair(rest)
            return [phone.says(words) for _ in range(_number(count))][-1]
    if (given := given_by(word, rest)) is not None:
        return phone.does(given)
    _set(phone, word, rest)
    return []


def given_by(word: str, rest: str) -> Input | None:
    """What a person does that needs no looking at the phone. Raises LineError."""
    match word:
        case "PERSON":
            return Said(unfolded(rest))
        case "EDIT":
            return Edited(unfolded(rest))
        case "SENDS":
            return _sent(rest)
        case "COMMAND":
            name, _, payload = rest.partition(" ")
            return Commanded(name, payload)
        case "OPENS":
            return OpenNews(rest)
    return SIMPLE.get(word)


def _set(phone: Rehearsal, word: str, rest: str) -> None:
    """What is so without the person's doing."""
    match word:
        case "STAFF":
            reference, what = _pair(rest)
            if what == "asks":
                phone.now_is(reference, asked=True)
            elif what.startswith("one-with "):
                other = phone.named(what.removeprefix("one-with "))
                phone.now_is(reference, one_with=other.id)
            else:
                phone.becomes(reference, _state(what))
        case "PLACES":
            phone.places = phone.places[:1] if "one" in rest else ()
        case "LANGUAGES":
            phone.languages = tuple(_pair(one.strip()) for one in rest.split(","))
            phone.stage = phone.stage.speaking([name for name, _ in phone.languages])
        case "FEW":
            phone.staff = INDEPENDENT
        case "CHANGED":
            said, _, did = rest.partition(" | ")
            place = phone.places[0] if phone.places else Place("", "Ashby Trust")
            line = Change(place.id, place.name, phone.today, said, did)
            phone.changes = (line, *phone.changes)


def _sent(what: str) -> Input:
    kind, _, size = what.partition(" ")
    if kind not in FILES:
        return Unreadable(kind)
    found = _SIZE.fullmatch(size.strip())
    if size and not found:
        raise LineError("a size is a number with B, KB or MB")
    return Attached(kind, "ticket", int(found[1]) * _UNITS[found[2].upper()] if found else None)


def _pair(rest: str) -> tuple[str, str]:
    first, _, second = rest.partition(" ")
    if not second:
        raise LineError("two things are needed, with a space between")
    return first, second.strip()


def _state(name: str) -> State:
    try:
        return State(name)
    except ValueError:
        raise LineError(f"a concern is one of: {', '.join(State)}") from None


def _number(digits: str) -> int:
    if not digits.isdecimal() or int(digits) < 1:
        raise LineError("how many times is a number from 1 on")
    return int(digits)


def time_in(words: str) -> timedelta:
    """A time such as 2h, 3d or 2 weeks. Raises LineError for anything else."""
    found = _TIME.fullmatch(words.strip())
    if not found:
        raise LineError("a time is a number of hours (h), days (d) or weeks (w)")
    return timedelta(hours=int(found[1]) * _HOURS[found[2]])


def unfolded(words: str) -> str:
    many = re.fullmatch(r"\{(.+)\*(\d+)\}", words)
    return many[1] * int(many[2]) if many else words.replace("\\n", "\n")


def rendered(seen: Sequence[Shown | str]) -> list[str]:
    lines = []
    for one in seen:
        if isinstance(one, str):
            lines.append(f"DONE: {one}")
            continue
        first, *rest = one.text.splitlines()
        lines += [f"HEARD: {first}", *(f"  {line}".rstrip() for line in rest)]
        lines += ["  " + " ".join(f"[{label}]" for label in row) for row in one.labels]
    return lines
