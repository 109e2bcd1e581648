"""The copy of a concern as its person reads it: their words and what they were told, in order, and
nothing of what staff wrote only for each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from bot.turns.data_keys import DATA_KEYS
from bot.turns.files import PART, FilePart
from bot.turns.own_copy import RULE, Paper
from storage.audit import Line
from storage.concerns import ConcernRow, Opened, OpenPart

# Answers that buttons give: anything else in these parts is the person's own words.
CHOSEN: Final = frozenset(
    {"in-danger", "for-whom", "consent", "write-to", "question-skipped", "wants-talk"}
)
_SAID: Final = "data.said."
_TOLD: Final = "data.told."
_DONE: Final = "data.done."


def copy_text(
    row: ConcernRow, opened: Opened, deeds: Sequence[Line], paper: Paper, now: datetime
) -> str:
    """The file, its dates worded where the place is."""
    text = paper.wording.text
    told = [(part.at, _part(part, paper)) for part in opened.parts]
    told += [(one.at, text(f"{_DONE}{one.action}")) for one in deeds if _is_told(one)]
    begins = [
        text("data.copy-title"),
        text("data.made", at=paper.at(now)),
        text("data.about", reference=row.reference, at=paper.at(row.sent_at)),
    ]
    in_order = sorted(told, key=lambda one: one[0])
    entries = [f"{paper.at(at)}\n{words}" for at, words in in_order if words]
    ends = [text("data.damaged")] * bool(opened.damaged) + [text("data.copy-left-out")]
    return "\n\n".join([*begins, RULE, *_ruled(entries), *ends]) + "\n"


def _ruled(entries: Sequence[str]) -> Iterator[str]:
    for one in entries:
        yield one
        yield RULE


def _is_told(deed: Line) -> bool:
    """Whether the person was told of what staff did."""
    return f"{_DONE}{deed.action}" in DATA_KEYS


def _part(part: OpenPart, paper: Paper) -> str:
    """One part as its person sees it; nothing for what was never theirs."""
    text, words = paper.wording.text, part.words.decode("utf-8", "replace")
    if part.author_id is not None:
        heading = f"{_TOLD}{part.kind.partition('-')[0]}"
        return f"{text(heading)}:\n\n{words}" if heading in DATA_KEYS else ""
    if part.kind == PART:
        return text("data.file", kind=text(f"data.kind.{FilePart.of(part.words).kind}"))
    heading = f"{_SAID}{part.kind}"
    heading = heading if heading in DATA_KEYS else f"{_SAID}other"
    answer = f"data.answer.{words}"
    if part.kind in CHOSEN and answer in DATA_KEYS:
        words = text(answer)
    return f"{text(heading)}:\n\n{words}"
