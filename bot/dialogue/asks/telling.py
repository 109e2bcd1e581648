"""Telling it: words, or a topic from a list, until the person says Send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.asks.answered import (
    HELLO,
    KEEP,
)
from bot.dialogue.table import STAY, Ask, Choice

TOPICS: Final = ("hurt", "staff", "heard", "missing", "else")  # told apart in config/topics.toml
PRIVATE: Final = Choice(
    "private", "button.how-private", STAY, "say_private", also=("answer.private",)
)

ASKS: Final[Mapping[str, Ask]] = {
    "tell": Ask(
        "talk.tell",
        KEEP,
        (Choice("list", "button.list", "topics"), PRIVATE),
        spoken=(HELLO,),
        skip=(("has_draft", "saved"),),
        open=True,
        root=True,
    ),
    "topics": Ask(
        "talk.topics",
        KEEP,
        tuple(Choice(topic, f"topic.{topic}", "saved", "pick_topic") for topic in TOPICS),
        spoken=(Choice("unsure", "", "saved", also=("answer.unsure", "answer.skip")),),
    ),
    "saved": Ask(
        "talk.saved",
        KEEP,
        (
            Choice("send", "button.send", "place", also=("answer.send",)),
            Choice("list", "button.about-what", "topics", when="has_no_topic"),
            Choice("list", "button.change-topic", "topics", when="has_topic"),
            PRIVATE,
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
    "talk.welcome-helped": (),
    "talk.private": (),
    "talk.left-out": (),
    "talk.re-who-sees": (),
    "talk.re-who-sees-team": ("place",),
    "talk.re-who-sees-outside": (),
    "talk.re-who-sees-sent": (),
    "talk.re-family": (),
    "talk.re-punish": (),
    "talk.re-punish-sent": (),
    "talk.re-bot": (),
    "talk.re-sent-draft": (),
    "talk.re-sent-both": ("last_reference", "last_sent_on"),
    "talk.re-sent-done": ("last_reference", "last_sent_on"),
    "talk.re-sent-nothing": (),
    "talk.re-long-draft": ("acknowledge_by", "answer_by"),
    "talk.re-long-sent": ("last_reference", "last_next_by"),
    "talk.re-call": (),
    "talk.re-concern": (),
    "talk.re-how": (),
    "talk.re-find-out": (),
    "talk.re-find-out-sent": (),
    "talk.re-delete": (),
    "talk.re-late": (),
    "talk.re-child": (),
    "talk.re-staff": (),
    "talk.re-outside": (),
    "talk.re-abuse": (),
    "talk.re-nonsense": (),
    "talk.re-fine": (),
    "talk.file": (),
    "talk.file-again": (),
    "talk.file-too-big": (),
    "help.danger": (),
    "help.danger-short": (),
    "talk.kept-words": (),
    "talk.edited": (),
    "talk.unreadable": (),
    "talk.not-kept": (),
}
