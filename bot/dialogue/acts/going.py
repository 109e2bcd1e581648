"""What the choices of the chapter `going` do, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.casework.model import INDEPENDENT_TEAM, State
from bot.casework.recusal import match
from bot.dialogue.acts.act import Act, fresh, keep_aside, say
from bot.dialogue.effects import (
    SendConcern,
)
from bot.dialogue.known import (
    destination,
    members_of,
    settled_place,
)
from bot.dialogue.model import OwnConcern
from bot.dialogue.moment import Moment

LONGEST_NAMES: Final = 100  # characters; more than that is also a part of the concern


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
    talk = replace(fresh(talk), about=facts.new_id)
    return moment.remembers(talk).does(sent).knows(own).tells("talk.receipt")


ACTS: Final[Mapping[str, Act]] = {
    "pick_place": pick_place,
    "unsure_place": _unsure_place,
    "unsettle": _unsettle,
    "name_people": _name_people,
    "leave_team_out": _leave_team_out,
    "clear_names": _clear_names,
    "send": _send,
    "send_to_all": _send_to_all,
    "say_ways": say("talk.ways"),
    "say_unsure": say("talk.unsure"),
}
