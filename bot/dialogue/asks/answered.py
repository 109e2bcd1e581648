"""What several chapters of the script understand in the same way."""

from __future__ import annotations

from bot.dialogue.table import STAY, Choice, Typed

KEEP = Typed("keep", "saved")
KEEP_HERE = Typed("keep_aside", STAY)
NAMES = Typed("name_people", "found")  # which leads on to check when no letters are looked for
NO = ("answer.no", "answer.nobody", "answer.send")
YES_SEND = ("answer.yes", "answer.send")
HELLO = Choice("hello", "", STAY, also=("answer.hello",), exact=True)
# A reply to an outcome is understood wherever nothing else is being asked, never taken for a note.
ON_OUTCOME = tuple(
    Choice("answered", "", "answered", "recall_outcome", "outcome_waits", (word,))
    for word in ("answer.yes", "answer.no")
)
# Of the concern that was just sent, as its receipt says.
ON_RECEIPT = (
    Choice("take-back", "", "take-back", "", "about_is_open", ("answer.take-back",)),
    Choice("add", "", "adding", "", "about_is_open", ("answer.add",)),
)
ON_SENT = (
    *ON_OUTCOME,
    Choice("reopen", "", STAY, "reopen_the_one", "one_has_ended", ("answer.reopen",)),
    Choice("reopen", "", "which", "", "several_have_ended", ("answer.reopen",)),
    Choice("reopen", "", STAY, "say_none_ended", "none_has_ended", ("answer.reopen",)),
    Choice("take-back", "", "take-back", "recall_open", "one_is_open", ("answer.take-back",)),
    Choice("take-back", "", "which-back", "", "several_are_open", ("answer.take-back",)),
    Choice("take-back", "", STAY, "say_none_open", "none_is_open", ("answer.take-back",)),
    Choice("add", "", "adding", "recall_only", "owns_one", ("answer.add",)),
    Choice("add", "", "which-add", also=("answer.add",)),
)
