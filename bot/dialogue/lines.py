"""Every line and question of the talk by wording key, with the values that each one shows.

The wording is checked against this at the start, so that nobody meets a missing sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.script import ASKS, FOOT

# Lines that stand between questions, and the values that each one shows.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.welcome": (),
    "talk.recap": ("count",),
    "talk.receipt": ("reference", "acknowledge_by", "answer_by"),
    "talk.added": ("reference",),
    "talk.noted": ("reference",),
    "talk.left-alone": ("reference",),
    "talk.none-ended": (),
    "talk.none-open": (),
    "talk.which-yes": (),
    "talk.cannot-now": ("reference",),
    "talk.kept-words": (),
    "talk.names-cleared": (),
    "talk.unsure": (),
    "talk.ways": (),
    "talk.deleted": (),
    "talk.stale": (),
    "talk.edited": (),
    "talk.unreadable": (),
    "talk.not-kept": (),
    "talk.elsewhere": (),
    "talk.set-aside": (),
    "talk.returned": (),
    "talk.news-gone": (),
    "talk.link-how": (),
    "talk.linked": (),
    "talk.link-refused": (),
    "help.block": (),
}

# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.kept": ("place",),
    "talk.check": ("kept_from",),
    "talk.check-many": ("kept_from", "more"),
    "talk.check-some": ("kept_from",),
    "talk.check-team": ("place",),
    "talk.check-team-others": ("place", "kept_from"),
    "talk.whose-one": ("open_reference",),
    "talk.adding": ("reference",),
    "talk.adding-ended": ("reference",),
    "talk.added-to": ("reference",),
    "talk.add-draft": ("reference",),
    "talk.take-back": ("reference",),
    "talk.answered": ("reference",),
    "talk.still-wrong": ("reference",),
    "talk.rest-kept": ("count",),
}
RECEIPT_BUTTONS: Final = (("button.add", "add"), ("button.take-back", "take-back"))


def required() -> dict[str, frozenset[str]]:
    """Every wording key that the talk can show or understand, with its placeholders."""
    asks = ASKS.values()
    prompts = {key for ask in asks for key in (ask.prompt, *(key for _, key in ask.variants))}
    choices = [one for ask in asks for one in (*ask.choices, *ask.spoken)] + list(FOOT)
    labels = {one.label for one in choices if one.label} | {key for key, _ in RECEIPT_BUTTONS}
    answers = {key for one in choices for key in one.also}
    values = {key: frozenset(ASKED.get(key, ())) for key in prompts}
    values |= {key: frozenset(names) for key, names in SAID.items()}
    return values | dict.fromkeys(labels | answers, frozenset())
