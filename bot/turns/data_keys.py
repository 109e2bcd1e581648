"""Every sentence of the files in which people get what is kept about them, with its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_PLAIN: Final = (
    "data.caption",
    "data.child",
    "data.copy-caption",
    "data.copy-left-out",
    "data.copy-title",
    "data.damaged",
    "data.file-on-its-way",
    "data.h-draft",
    "data.h-sent",
    "data.h-waiting",
    "data.h-you",
    "data.locked",
    "data.no-nudge",
    "data.nothing",
    "data.telegram",
    "data.title",
    "data.waiting-file",
    "data.wants-changes",
    *(f"data.said.{one}" for one in (
        "added", "consent", "danger-details", "danger-words", "for-whom", "in-danger", "kept-from",
        "not-answered", "other", "own-worry", "place", "topic", "words", "write-to",
        "question-skipped", "wants-talk",
    )),
    *(f"data.told.{one}" for one in ("answer", "outcome", "pause", "question")),
    *(f"data.done.{one}" for one in ("acknowledge", "look-into", "resume")),
    *(f"data.kind.{one}" for one in (
        "photo", "voice", "video_note", "video", "animation", "document", "audio",
    )),
    *(f"data.answer.{one}" for one in (
        "yes", "no", "not-sure", "me", "child", "partner", "someone", "knows", "unaware", "unsure",
        "private", "easy-words", "skip",
    )),
)  # fmt: skip

DATA_KEYS: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(_PLAIN, frozenset()),
    "data.about": frozenset({"reference", "at"}),
    "data.at": frozenset({"date", "year", "time"}),
    "data.day": frozenset({"date", "year"}),
    "data.chat": frozenset({"number"}),
    "data.complaint": frozenset({"reference", "at"}),
    "data.copy-due": frozenset({"reference", "date"}),
    "data.danger": frozenset({"reference"}),
    "data.file": frozenset({"kind"}),
    "data.file-sized": frozenset({"kind", "size", "ending"}),
    "data.helped": frozenset({"date"}),
    "data.kept-from": frozenset({"names"}),
    "data.kept-from-words": frozenset({"said"}),
    "data.language": frozenset({"language"}),
    "data.last": frozenset({"at"}),
    "data.made": frozenset({"at"}),
    "data.messages": frozenset({"count"}),
    "data.place": frozenset({"place"}),
    "data.reminder": frozenset({"at"}),
    "data.since": frozenset({"at"}),
    "data.topic": frozenset({"topic"}),
    "data.waiting": frozenset({"at"}),
}
