"""What the choices of the chapter `own` do, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.casework.model import State
from bot.dialogue.acts.act import Act, about_is, fresh, keep_aside, note, say
from bot.dialogue.effects import (
    AddToConcern,
    Effect,
    NotSatisfied,
    Reopen,
    Satisfied,
    Withdraw,
)
from bot.dialogue.known import (
    ended_concerns,
    in_state,
    open_concerns,
)
from bot.dialogue.moment import Moment


def _add_about(moment: Moment, _: str) -> Moment:
    return _add_to(moment, moment.talk.about or "")


def _add_to(moment: Moment, concern_id: str) -> Moment:
    talk = replace(fresh(moment.talk), about=concern_id)
    return moment.remembers(talk).does(AddToConcern(concern_id)).tells("talk.added")


def _note_still_wrong(moment: Moment, words: str) -> Moment:
    if about_is(State.REOPENED, moment):
        return note(moment, "not-answered", words)
    return keep_aside(moment, words)  # it is days later, and staff would not be told of a note


def _move(moment: Moment, effect: Effect, state: State) -> Moment:
    return moment.does(effect).moved(moment.talk.about, state)


def _withdraw(moment: Moment, _: str) -> Moment:
    return _move(moment, Withdraw(moment.talk.about or ""), State.WITHDRAWN)


def _satisfied(moment: Moment, _: str) -> Moment:
    return _move(moment, Satisfied(moment.talk.about or ""), State.CLOSED)


def _not_satisfied(moment: Moment, _: str) -> Moment:
    return _move(moment, NotSatisfied(moment.talk.about or ""), State.REOPENED)


def _reopen(moment: Moment, _: str) -> Moment:
    return _move(moment, Reopen(moment.talk.about or ""), State.REOPENED)


def _reopen_one(moment: Moment, concern_id: str) -> Moment:
    return _reopen(moment.remembers(replace(moment.talk, about=concern_id)), "")


def _reopen_the_one(moment: Moment, _: str) -> Moment:
    return _reopen_one(moment, ended_concerns(moment.facts)[0].id)


def _recall_one(moment: Moment, concern_id: str) -> Moment:
    return moment.remembers(replace(moment.talk, about=concern_id))


def _recall_outcome(moment: Moment, _: str) -> Moment:
    return _recall_one(moment, in_state(State.OUTCOME, moment.facts)[0].id)


def _recall_open(moment: Moment, _: str) -> Moment:
    return _recall_one(moment, open_concerns(moment.facts)[0].id)


def _recall_only(moment: Moment, _: str) -> Moment:
    return _recall_one(moment, moment.facts.concerns[0].id)


ACTS: Final[Mapping[str, Act]] = {
    "add_about": _add_about,
    "add_to": _add_to,
    "note_still_wrong": _note_still_wrong,
    "withdraw": _withdraw,
    "satisfied": _satisfied,
    "not_satisfied": _not_satisfied,
    "reopen": _reopen,
    "reopen_one": _reopen_one,
    "reopen_the_one": _reopen_the_one,
    "recall_one": _recall_one,
    "recall_outcome": _recall_outcome,
    "recall_open": _recall_open,
    "recall_only": _recall_only,
    "say_left_alone": say("talk.left-alone"),
    "say_none_ended": say("talk.none-ended"),
    "say_none_open": say("talk.none-open"),
    "say_which_yes": say("talk.which-yes"),
}
