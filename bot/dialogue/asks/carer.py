"""Speaking for somebody else: whether they agree, and the carer's own worry kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.asks.answered import ON_OUTCOME, ON_RECEIPT
from bot.dialogue.table import STAY, Ask, Choice, Typed


def _answer(id_: str, also: str) -> Choice:
    return Choice(id_, f"button.consent-{id_}", "own-worry", "note_consent", also=(also,))


ASKS: Final[Mapping[str, Ask]] = {
    "agrees": Ask(
        "talk.agrees",
        Typed("tell_consent", "own-worry"),
        (
            _answer("yes", "answer.consent-yes"),
            _answer("knows", "answer.consent-knows"),
            _answer("unaware", "answer.consent-unaware"),
            _answer("unsure", "answer.unsure"),
            _answer("private", "answer.skip"),
        ),
        spoken=(
            # "Yes" may mean that they know, "no" that they do not. Neither says that they agree,
            # and on that it depends what staff may write back.
            Choice("which", "", STAY, "say_which_no", "is_fresh", ("answer.no", "answer.yes")),
            *ON_OUTCOME,
            *ON_RECEIPT,
            Choice("which", "", STAY, "say_which_no", "", ("answer.no", "answer.yes")),
        ),
        skip=(
            ("has_words", "whose"),
            ("told_no_relation", "for-whom-too"),
            ("is_no_carer", "write-to"),
        ),
        root=True,
        about=True,
        newest=True,
    ),
    "own-worry": Ask(
        "talk.own-worry",
        Typed("tell_own_worry", "write-to"),
        (Choice("skip", "button.skip", "write-to", also=("answer.skip",), exact=True),),
        spoken=(
            *ON_OUTCOME,
            *ON_RECEIPT,
            Choice("skip", "", "write-to", also=("answer.no", "answer.nobody", "answer.unsure")),
            Choice("again", "", STAY, also=("answer.yes",)),
        ),
        skip=(("has_words", "whose"),),
        open=True,
        root=True,
        about=True,
        newest=True,
    ),
}

# Values that each question shows.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {}

# Lines that stand between questions, and the values that each one shows.
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "talk.carer-may": (),
    "talk.carer-help": (),
    "talk.which-no": (),
}
