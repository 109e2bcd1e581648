"""Every sentence of the talk by its wording key, with the values that each one shows.

The wording is checked against this at the start, so that nobody meets a missing sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue import finding
from bot.dialogue.asks import around, carer, changes, data, going, mine, own, reply, sent, telling
from bot.dialogue.remarks import KEYS
from bot.dialogue.script import ANYWHERE, ASKS, FOOT

CHAPTERS: Final = (telling, going, sent, carer, own, reply, mine, data, changes, around)
# Lines that stand between questions, and the values that each one shows.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    key: names for chapter in CHAPTERS for key, names in chapter.SAID.items()
}
# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    key: names for chapter in CHAPTERS for key, names in chapter.ASKED.items()
}
RECEIPT_BUTTONS: Final = (("button.add", "add"), ("button.take-back", "take-back"))


def required() -> dict[str, frozenset[str]]:
    """Every wording key that the talk can show or understand, with its placeholders."""
    asks = ASKS.values()
    prompts = {key for ask in asks for key in (ask.prompt, *(key for _, key in ask.variants))}
    choices = [one for ask in asks for one in (*ask.choices, *ask.spoken)]
    choices += [*FOOT, *ANYWHERE]
    labels = {one.label for one in choices if one.label} | {key for key, _ in RECEIPT_BUTTONS}
    answers = {key for one in choices for key in one.also} | {sent.RELATIONS} | KEYS
    labels |= finding.LABELS
    values = {key: frozenset(ASKED.get(key, ())) for key in prompts}
    values |= {key: frozenset(names) for key, names in SAID.items()}
    values[finding.EVERYONE] = frozenset({"place"})
    return values | dict.fromkeys(labels | answers, frozenset())
