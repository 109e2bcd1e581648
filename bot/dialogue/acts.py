"""What the script's choices do, by name. Each act takes what was chosen or typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.casework.model import INDEPENDENT_TEAM, State
from bot.casework.recusal import match
from bot.dialogue.effects import (
    AddToConcern,
    DropDraft,
    Effect,
    Keep,
    NoteOnConcern,
    NotSatisfied,
    Reopen,
    Satisfied,
    SendConcern,
    Withdraw,
)
from bot.dialogue.guards import (
    destination,
    ended_concerns,
    in_state,
    members_of,
    open_concerns,
    own_concern,
    settled_place,
)
from bot.dialogue.model import OwnConcern, Talk
from bot.dialogue.moment import Moment

Act = Callable[[Moment, str], Moment]

LONGEST_NAMES: Final = 100  # characters; more than that is also a part of the concern
LONGEST_ANSWER: Final = 60  # characters of "who is it for?"; "my dad, who is on the ward"


def _fresh(talk: Talk) -> Talk:
    """The talk without its draft."""
    return Talk(at=talk.at, step=talk.step, about=talk.about, trail=talk.trail)


# ---- the draft ------------------------------------------------------------------------------


def keep(moment: Moment, words: str) -> Moment:
    talk = moment.talk
    if not talk.parts and talk.place is None and moment.facts.next_place:
        talk = replace(talk, place=moment.facts.next_place)
    return moment.remembers(replace(talk, parts=talk.parts + 1)).does(Keep(words))


def keep_aside(moment: Moment, words: str) -> Moment:
    """Words where a choice was asked for: they are kept all the same, and that is said."""
    return keep(moment, words).tells("talk.kept-words")


def _pick_topic(moment: Moment, topic: str) -> Moment:
    return moment.remembers(replace(moment.talk, topic=topic))


def _drop_draft(moment: Moment, _: str) -> Moment:
    return moment.remembers(_fresh(moment.talk)).does(DropDraft()).tells("talk.deleted")


# ---- where it goes --------------------------------------------------------------------------


def pick_place(moment: Moment, place: str) -> Moment:
    return moment.remembers(replace(moment.talk, place=place))


def _unsure_place(moment: Moment, _: str) -> Moment:
    return pick_place(moment, INDEPENDENT_TEAM)


def _unsettle(moment: Moment, _: str) -> Moment:
    return moment.remembers(replace(moment.talk, place=None))


def _name_people(moment: Moment, words: str) -> Moment:
    facts, talk = moment.facts, moment.talk
    found = match(words, facts.staff, facts.places)
    if len(words) > LONGEST_NAMES:
        moment = keep_aside(moment, words)
        talk = moment.talk
    unfound = (talk.kept_from_words, words) if found.unmatched else (talk.kept_from_words,)
    talk = replace(
        talk,
        kept_from=tuple(sorted({*talk.kept_from, *found.staff_ids})),
        kept_from_words="\n".join(filter(None, unfound)),
    )
    return moment.remembers(talk)


def _leave_team_out(moment: Moment, _: str) -> Moment:
    talk = moment.talk
    team = members_of(settled_place(talk, moment.facts), moment.facts)
    return moment.remembers(replace(talk, kept_from=tuple(sorted({*talk.kept_from, *team}))))


def _without_names(moment: Moment) -> Moment:
    return moment.remembers(replace(moment.talk, kept_from=(), kept_from_words=""))


def _clear_names(moment: Moment, _: str) -> Moment:
    chosen = moment.talk.kept_from or moment.talk.kept_from_words
    cleared = _without_names(moment)
    return cleared.tells("talk.names-cleared") if chosen else cleared


def _send_to_all(moment: Moment, _: str) -> Moment:
    return _send(_without_names(moment), "")


def _send(moment: Moment, _: str) -> Moment:
    talk, facts = moment.talk, moment.facts
    place = settled_place(talk, facts)
    sent = SendConcern(
        facts.new_id,
        facts.new_reference,
        destination(talk, facts),
        talk.topic,
        talk.kept_from,
        talk.kept_from_words,
        None if place == INDEPENDENT_TEAM else place,
    )
    own = OwnConcern(
        facts.new_id, facts.new_reference, State.SENT, facts.today, facts.acknowledge_by
    )
    talk = replace(_fresh(talk), about=facts.new_id)
    return moment.remembers(talk).does(sent).knows(own).tells("talk.receipt")


# ---- concerns that were sent ----------------------------------------------------------------


def _add_about(moment: Moment, _: str) -> Moment:
    return _add_to(moment, moment.talk.about or "")


def _add_to(moment: Moment, concern_id: str) -> Moment:
    talk = replace(_fresh(moment.talk), about=concern_id)
    return moment.remembers(talk).does(AddToConcern(concern_id)).tells("talk.added")


def _note(moment: Moment, kind: str, words: str) -> Moment:
    note = NoteOnConcern(moment.talk.about or "", kind, words)
    return moment.does(note).tells("talk.noted")


def _note_for_whom(moment: Moment, words: str) -> Moment:
    return _note(moment, "for-whom", words)


def _tell_for_whom(moment: Moment, words: str) -> Moment:
    """A few words answer the question. More, or words after staff have moved it on, are a part of
    the concern: they are kept, and go to staff as such."""
    if len(words) <= LONGEST_ANSWER and _about_is(State.SENT, moment):
        return _note(moment, "for-whom", words)
    return keep(moment, words)


def _note_still_wrong(moment: Moment, words: str) -> Moment:
    if _about_is(State.REOPENED, moment):
        return _note(moment, "not-answered", words)
    return keep_aside(moment, words)  # it is days later, and staff would not be told of a note


def _about_is(state: State, moment: Moment) -> bool:
    own = own_concern(moment.talk.about, moment.facts)
    return own is not None and own.state is state


# What casework answers to these (what happens now, by when) comes from casework, not from here.


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


def _say(key: str) -> Act:
    def say(moment: Moment, _: str) -> Moment:
        return moment.tells(key)

    return say


ACTS: Final[Mapping[str, Act]] = {
    "keep": keep,
    "keep_aside": keep_aside,
    "pick_topic": _pick_topic,
    "drop_draft": _drop_draft,
    "pick_place": pick_place,
    "unsure_place": _unsure_place,
    "unsettle": _unsettle,
    "name_people": _name_people,
    "leave_team_out": _leave_team_out,
    "clear_names": _clear_names,
    "send": _send,
    "send_to_all": _send_to_all,
    "add_about": _add_about,
    "add_to": _add_to,
    "note_for_whom": _note_for_whom,
    "tell_for_whom": _tell_for_whom,
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
    "say_help": _say("help.block"),
    "say_ways": _say("talk.ways"),
    "say_unsure": _say("talk.unsure"),
    "say_left_alone": _say("talk.left-alone"),
    "say_none_ended": _say("talk.none-ended"),
    "say_none_open": _say("talk.none-open"),
    "say_which_yes": _say("talk.which-yes"),
}
