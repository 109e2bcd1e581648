"""Telling it: words, or a topic from a list, until the person says Send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.asks.answered import (
    HELLO,
    KEEP,
)
from bot.dialogue.table import Ask, Choice

TOPICS: Final = ("hurt", "heard", "missing", "system", "else")  # told apart in config/topics.toml

ASKS: Final[Mapping[str, Ask]] = {
    "tell": Ask(
        "talk.tell",
        KEEP,
        (Choice("list", "button.list", "topics"),),
        spoken=(HELLO,),
        skip=(("has_draft", "saved"),),
        open=True,
        root=True,
    ),
    "topics": Ask(
        "talk.topics",
        KEEP,
        tuple(Choice(topic, f"topic.{topic}", "saved", "pick_topic") for topic in TOPICS),
    ),
    "saved": Ask(
        "talk.saved",
        KEEP,
        (
            Choice("send", "button.send", "place", also=("answer.send",)),
            Choice("list", "button.about-what", "topics", when="has_no_topic"),
        ),
        variants=(("has_no_words", "talk.saved-topic"),),
        skip=(("has_no_draft", "tell"),),
        open=True,
        root=True,
    ),
}

# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {}

# Lines that stand between questions, and the values that each one shows.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.welcome": (),
    "talk.kept-words": (),
    "talk.edited": (),
    "talk.unreadable": (),
    "talk.not-kept": (),
}
