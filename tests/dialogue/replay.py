r"""Play a transcript: read its lines, do what the person does, write down what is heard.

The whole transcript is written again from the person's lines alone and must come out the same, so
every word, button and deed in it is checked. `python -m tests.dialogue.replay NAME` prints it.

    PERSON: words            words that are typed; \\n for a new line, {x*4096} for many
    TAP: label               the newest button of this label
    TAP OLD: label           the oldest button of this label that was ever shown
    EDIT: words              a message is changed
    SENDS: sticker           something that is not words
    COMMAND: start code      a slash command
    GROUP / FORGED / UNBLOCKS / POISON
    OPENS: id                "Read it" under a notice
    STAFF: H-7K2M-0004 outcome    staff move a concern
    OUTCOME: H-7K2M-0004 yes      the button under an outcome: yes or not-really
    AGAIN: 40 words          the same words that many times, only the last answer shown
    PLACES: one | none       FEW: only independent staff      (before anything is said)
    HEARD: what the phone shows; lines that go on are indented; [Buttons] in rows
    DONE: what is done for the person
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from bot.casework.model import State
from bot.dialogue.inputs import (
    Commanded,
    Edited,
    Elsewhere,
    Forged,
    OpenNews,
    Returned,
    SetAside,
    Unreadable,
)
from tests.dialogue.phone import INDEPENDENT, PLACES, Phone, Shown, label_of

FOLDER = Path(__file__).parent / "transcripts"
_SIMPLE = {"GROUP": Elsewhere(), "FORGED": Forged(), "UNBLOCKS": Returned(), "POISON": SetAside()}
_OURS = ("HEARD", "DONE")


def persons_lines(text: str) -> list[str]:
    """The lines that people wrote, not those that the program says."""
    lines, ours = [], False
    for line in text.splitlines():
        if line.startswith((*(f"{word}:" for word in _OURS), "  ")):
            ours = True
        elif line.strip():
            ours = False
            lines.append(line)
        elif not ours and lines and lines[-1]:
            lines.append("")
    return lines


def replayed(text: str) -> str:
    phone, out = Phone(), []
    for line in persons_lines(text):
        if line.startswith("PLACES:"):
            phone.places = PLACES[:1] if "one" in line else ()
        elif line.startswith("FEW:"):
            phone.staff = INDEPENDENT
        if line and not line.startswith("#") and out and out[-1]:
            out.append("")
        out.append(line)
        if not line.startswith("#"):
            out += _rendered(_do(phone, line))
    return "\n".join(out) + "\n"


def _do(phone: Phone, line: str) -> list[Shown | str]:  # noqa: PLR0911 - one case for each word
    word, _, rest = line.partition(":")
    rest = rest.strip()
    match word:
        case "PERSON":
            return phone.says(_unfolded(rest))
        case "TAP" | "TAP OLD":
            return phone.taps(rest, oldest=word == "TAP OLD")
        case "EDIT":
            return phone.does(Edited(rest))
        case "SENDS":
            return phone.does(Unreadable(rest))
        case "COMMAND":
            name, _, payload = rest.partition(" ")
            return phone.does(Commanded(name, payload))
        case "OPENS":
            return phone.does(OpenNews(rest))
        case "OUTCOME":
            reference, choice = rest.split()
            return phone.answers(reference, choice)
        case "STAFF":
            reference, state = rest.split()
            phone.becomes(reference, State(state))
            return []
        case "AGAIN":
            count, _, words = rest.partition(" ")
            return [phone.says(words) for _ in range(int(count))][-1]
        case "PLACES" | "FEW" | "":
            return []
    return phone.does(_SIMPLE[word])


def _unfolded(words: str) -> str:
    many = re.fullmatch(r"\{(.+)\*(\d+)\}", words)
    return many[1] * int(many[2]) if many else words.replace("\\n", "\n")


def _rendered(seen: list[Shown | str]) -> list[str]:
    lines = []
    for one in seen:
        if isinstance(one, str):
            lines.append(f"DONE: {one}")
            continue
        first, *rest = one.text.splitlines()
        lines += [f"HEARD: {first}", *(f"  {line}".rstrip() for line in rest)]
        lines += [
            "  " + " ".join(f"[{label_of(button)}]" for button in row) for row in one.tell.rows
        ]
    return lines


if __name__ == "__main__":
    for name in sys.argv[1:]:
        file = FOLDER / f"{name}.txt"
        file.write_text(replayed(file.read_text()))
        print(file.read_text())
