"""The talk as one table: what is asked, what can be tapped or typed, and where that leads.

Everything that decides a transition stands here, by name. Guards are in `guards`, what a choice
does in `acts`, what a message shows in `shown`. Back, Stop and Get help now are added to every
state by `FOOT`, so that no state can forget them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.casework.model import OPEN_STATES, State
from bot.dialogue.table import BACK, HOME, STAY, Ask, Choice, Lasting, Listed, Typed

START: Final = "new"  # nothing was said yet; not a question, so not in the table

TOPICS: Final = ("hurt", "heard", "missing", "system", "else")  # told apart in config/topics.toml

_KEEP = Typed("keep", "saved")
_KEEP_HERE = Typed("keep_aside", STAY)
_NAMES = Typed("name_people", "check")
_NO = ("answer.no", "answer.nobody", "answer.send")
_YES_SEND = ("answer.yes", "answer.send")
_HELLO = Choice("hello", "", STAY, also=("answer.hello",), exact=True)
# A reply to an outcome is understood wherever nothing else is being asked, never taken for a note.
_ON_OUTCOME = tuple(
    Choice("answered", "", "answered", "recall_outcome", "outcome_waits", (word,))
    for word in ("answer.yes", "answer.no")
)
_ON_SENT = (
    *_ON_OUTCOME,
    Choice("reopen", "", STAY, "reopen_the_one", "one_has_ended", ("answer.reopen",)),
    Choice("reopen", "", "which", "", "several_have_ended", ("answer.reopen",)),
    Choice("reopen", "", STAY, "say_none_ended", "none_has_ended", ("answer.reopen",)),
    Choice("take-back", "", "take-back", "recall_open", "one_is_open", ("answer.take-back",)),
    Choice("take-back", "", "which-back", "", "several_are_open", ("answer.take-back",)),
    Choice("take-back", "", STAY, "say_none_open", "none_is_open", ("answer.take-back",)),
)

ASKS: Final[Mapping[str, Ask]] = {
    # -- telling it --------------------------------------------------------------------------
    "tell": Ask(
        "talk.tell",
        _KEEP,
        (Choice("list", "button.list", "topics"),),
        spoken=(_HELLO,),
        skip=(("has_draft", "saved"),),
        open=True,
        root=True,
    ),
    "topics": Ask(
        "talk.topics",
        _KEEP,
        tuple(Choice(topic, f"topic.{topic}", "saved", "pick_topic") for topic in TOPICS),
    ),
    "saved": Ask(
        "talk.saved",
        _KEEP,
        (
            Choice("send", "button.send", "place", also=("answer.send",)),
            Choice("list", "button.about-what", "topics", when="has_no_topic"),
        ),
        variants=(("has_no_words", "talk.saved-topic"),),
        skip=(("has_no_draft", "tell"),),
        open=True,
        root=True,
    ),
    # -- where it goes, and who must not see it ----------------------------------------------
    "place": Ask(
        "talk.place",
        _KEEP_HERE,
        (Choice("not-sure", "button.not-sure", "kept", "unsure_place", also=("answer.unsure",)),),
        listed=Listed("places", "kept", "pick_place"),
        skip=(("place_is_settled", "kept"),),
    ),
    "kept": Ask(
        "talk.kept",
        _NAMES,
        (
            Choice("send", "button.no-send", "for-whom", "send_to_all", "all_can_read", _NO, True),
            Choice("send", "button.no-send", "nobody", "clear_names", "none_can_read", _NO, True),
            Choice("choose", "button.yes-choose", "who", also=("answer.yes",)),
            Choice("elsewhere", "button.other-place", "place", "unsettle", when="place_was_given"),
        ),
        spoken=(Choice("unsure", "", STAY, "say_unsure", also=("answer.unsure",)),),
        variants=(
            ("names_are_chosen", "talk.kept-again"),
            ("goes_outside", "talk.kept-outside"),
        ),
        skip=(("names_are_chosen", "check"),),
    ),
    "who": Ask(
        "talk.who",
        _NAMES,
        (Choice("team", "button.whole-team", "check", "leave_team_out", when="has_team"),),
        spoken=(Choice("nobody", "", BACK, "clear_names", also=("answer.nobody",), exact=True),),
    ),
    "check": Ask(
        "talk.check",
        _NAMES,
        (
            Choice("send", "button.send-it", "for-whom", "send", "", _YES_SEND, True),
            Choice("again", "button.choose-again", "who", "clear_names", also=("answer.no",)),
        ),
        variants=(
            ("team_and_others_are_out", "talk.check-team-others"),
            ("team_is_out", "talk.check-team"),
            ("nobody_was_found", "talk.check-unfound"),
            ("some_words_unfound", "talk.check-some"),
            ("many_are_out", "talk.check-many"),
        ),
        skip=(("no_names_are_chosen", "kept"), ("nobody_reads", "nobody")),
        passing=True,
    ),
    "nobody": Ask(
        "talk.nobody",
        _NAMES,
        (
            Choice("again", "button.choose-again", "who", "clear_names", also=("answer.yes",)),
            Choice("ways", "button.other-ways", STAY, "say_ways"),
        ),
        variants=(("no_names_are_chosen", "talk.nobody-at-all"),),
        passing=True,
    ),
    # -- after it is sent --------------------------------------------------------------------
    "for-whom": Ask(
        "talk.for-whom",
        Typed("tell_for_whom", "added-to"),
        (
            Choice("me", "button.for-me", HOME, "note_for_whom", also=("answer.me",)),
            Choice("someone", "button.for-someone", HOME, "note_for_whom", also=("answer.carer",)),
            Choice("skip", "button.skip", HOME, also=("answer.skip",)),
        ),
        spoken=(
            *_ON_OUTCOME,
            Choice("skip", "", HOME, also=("answer.no",)),
            Choice("again", "", STAY, also=("answer.yes",)),
        ),
        root=True,
        about=True,
    ),
    "idle": Ask(
        "talk.idle",
        Typed("keep", "whose"),
        (Choice("new", "button.new", "tell"),),
        spoken=(_HELLO, *_ON_SENT),
        skip=(("has_draft", "whose"),),
        open=True,
        root=True,
    ),
    "whose": Ask(
        "talk.whose",
        Typed("keep", STAY),
        (Choice("new", "button.something-new", "saved", also=("answer.new",)),),
        listed=Listed("open_concerns", HOME, "add_to"),
        variants=(("one_is_open", "talk.whose-one"),),
        skip=(("nothing_to_add", "saved"),),
        root=True,
    ),
    "adding": Ask(
        "talk.adding",
        Typed("keep", "added-to"),
        variants=(("about_has_ended", "talk.adding-ended"),),
        skip=(("has_words", "add-draft"),),
        open=True,
        about=True,
    ),
    "added-to": Ask(
        "talk.added-to",
        Typed("keep", STAY),
        (Choice("add", "button.add-now", HOME, "add_about", also=("answer.send",), exact=True),),
        skip=(("has_no_words", "idle"),),
        open=True,
        about=True,
    ),
    "add-draft": Ask(
        "talk.add-draft",
        _KEEP_HERE,
        (
            Choice("add", "button.yes-add", HOME, "add_about", also=("answer.yes",), exact=True),
            Choice("apart", "button.no-apart", BACK, also=("answer.no",)),
        ),
        about=True,
    ),
    "take-back": Ask(
        "talk.take-back",
        _KEEP_HERE,
        (
            Choice("do", "button.yes-take-back", BACK, "withdraw", exact=True),
            Choice("leave", "button.no-leave", BACK, "say_left_alone", also=("answer.no",)),
        ),
        # The question may be days old, and a bare yes may be meant for an outcome that came since.
        spoken=(
            Choice("which", "", STAY, "say_which_yes", "outcome_waits", ("answer.yes",), True),
            Choice("do", "", BACK, "withdraw", "", ("answer.yes",), True),
        ),
        about=True,
    ),
    # -- after an outcome --------------------------------------------------------------------
    "answered": Ask(
        "talk.answered",
        _KEEP_HERE,
        (
            Choice("yes", "button.answered-yes", BACK, "satisfied", "", ("answer.yes",), True),
            Choice(
                "not-really",
                "button.answered-no",
                "still-wrong",
                "not_satisfied",
                also=("answer.no",),
                exact=True,
            ),
        ),
        about=True,
    ),
    "still-wrong": Ask(
        "talk.still-wrong",
        Typed("note_still_wrong", BACK),
        (Choice("skip", "button.skip", BACK, also=("answer.skip",)),),
        spoken=_ON_OUTCOME,
        about=True,
    ),
    "which": Ask("talk.which", _KEEP_HERE, listed=Listed("ended_concerns", HOME, "reopen_one")),
    "which-back": Ask(
        "talk.which-back",
        _KEEP_HERE,
        listed=Listed("open_concerns", "take-back", "recall_one"),
        passing=True,
    ),
    # -- stopping ----------------------------------------------------------------------------
    "stop": Ask(
        "talk.stop",
        _KEEP_HERE,
        (
            Choice("keep", "button.keep", "rest", also=("answer.keep",)),
            Choice("delete", "button.delete", "rest", "drop_draft", "", ("answer.delete",), True),
        ),
        skip=(("has_no_draft", "rest"),),
    ),
    "rest": Ask(
        "talk.rest",
        Typed("keep", HOME),
        (Choice("on", "button.go-on", HOME, also=("answer.on", "answer.hello")),),
        spoken=(*_ON_SENT, Choice("on", "", HOME, also=("answer.yes",))),
        variants=(("has_draft", "talk.rest-kept"),),
        open=True,
        root=True,
    ),
}

FOOT: Final = (
    Choice("back", "button.back", BACK, when="can_go_back", also=("answer.back",)),
    Choice("stop", "button.stop", "stop", also=("answer.stop",)),
    Choice("help", "button.help", STAY, "say_help", also=("answer.help",)),
)


# Buttons under old messages never expire, so a late answer still counts.
_TOLD = frozenset({State.OUTCOME, State.PROMISED, State.CLOSED})
_EVERY = frozenset(State)

LASTING: Final = (
    Lasting("add", _EVERY, "adding"),
    Lasting("take-back", OPEN_STATES, "take-back"),
    Lasting("yes", _TOLD, STAY, "satisfied"),
    Lasting("not-really", _TOLD, "still-wrong", "not_satisfied"),
    Lasting("reopen", _EVERY - OPEN_STATES, STAY, "reopen"),
)
