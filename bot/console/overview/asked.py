"""What the questions of the talk are called on a page for staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_NAMES: Final[Mapping[str, str]] = {
    "tell": "What happened, in their own words",
    "topics": "What it is about",
    "saved": "Saved: send it, or add more",
    "place": "Which team it goes to",
    "kept": "Is there anybody who should not see it",
    "who": "Who should not see it",
    "found": "Is this who they mean",
    "check": "One more look before it is sent",
    "nobody": "Everybody is left out: who else",
    "danger": "Is somebody in danger now",
    "danger-details": "Who is in danger, and where",
    "for-whom": "Whether it is for themselves",
    "for-whom-too": "Whether it is for themselves, after danger",
    "write-to": "A name that staff can write to",
    "clear-after": "Whether to clear this chat",
    "agrees": "Whether that person agrees",
    "own-worry": "Whether it is their own worry",
    "idle": "Start: nothing is open",
    "answered": "Did this answer you",
    "still-wrong": "What is still wrong",
    "adding": "Adding words",
    "take-back": "Taking it back",
    "mine": "Their list of concerns",
    "talk-how": "How they want to talk about it",
    "my-data": "Their own data",
    "changes": "What changed",
    "language": "Which language",
}


def name_of(question: str) -> str:
    """Its plain name; for what has none here, its own in plain letters."""
    return _NAMES.get(question, question.replace("-", " ").capitalize())
