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
from bot.dialogue.finding import MEMBER, TEAM, begins_a_name, found, places_beginning
from bot.dialogue.known import (
    destination,
    left_out,
    members_of,
    settled_place,
    topic_of,
)
from bot.dialogue.model import OwnConcern
from bot.dialogue.moment import Moment

LONGEST_NAMES: Final = 100  # characters; more than that is also a part of the concern


def pick_place(moment: Moment, place: str) -> Moment:
    return moment.remembers(replace(moment.talk, place=place, seeking=""))


def _find_place(moment: Moment, words: str) -> Moment:
    """The first letters of a place narrow the list; a place is never guessed from them. All other
    words are kept."""
    if places_beginning(words, moment.facts):
        return moment.remembers(replace(moment.talk, seeking=words))
    return keep_aside(moment, words)


def _pick_only_place(moment: Moment, _: str) -> Moment:
    return pick_place(moment, places_beginning(moment.talk.seeking, moment.facts)[0].id)


def _outside_area(moment: Moment, _: str) -> Moment:
    return _say_ways(_unsure_place(moment, "").tells("talk.outside"), "")


def _say_ways(moment: Moment, _: str) -> Moment:
    return moment.tells(moment.facts.ways)


def _unsure_place(moment: Moment, _: str) -> Moment:
    return pick_place(moment, INDEPENDENT_TEAM)


def _unsettle(moment: Moment, _: str) -> Moment:
    return moment.remembers(replace(moment.talk, place=None, seeking=""))


def _name_people(moment: Moment, words: str) -> Moment:
    """The beginning of a name is looked for, so that the person chooses who is meant. All other
    words are taken for whole names, or for what is known about somebody."""
    facts, talk = moment.facts, moment.talk
    if begins_a_name(words, talk, facts):
        return moment.remembers(replace(talk, seeking=words))
    meant = match(words, facts.staff, facts.places)
    if len(words) > LONGEST_NAMES:
        moment = keep_aside(moment, words)
        talk = moment.talk
    unfound = (talk.kept_from_words, words) if meant.unmatched else (talk.kept_from_words,)
    talk = replace(
        talk,
        kept_from=tuple(sorted({*talk.kept_from, *meant.staff_ids})),
        kept_from_words="\n".join(filter(None, unfound)),
        seeking="",
    )
    return moment.remembers(talk)


def _pick_found(moment: Moment, choice: str) -> Moment:
    """Leave out the one person or the whole team that was tapped."""
    talk = moment.talk
    if choice.startswith(TEAM):
        chosen = members_of(choice.removeprefix(TEAM), moment.facts)
    else:
        chosen = frozenset({choice.removeprefix(MEMBER)})
    kept_from = tuple(sorted({*talk.kept_from, *chosen}))
    return moment.remembers(replace(talk, kept_from=kept_from, seeking=""))


def _pick_only_found(moment: Moment, _: str) -> Moment:
    return _pick_found(moment, found(moment.talk, moment.facts)[0][0])


def _none_found(moment: Moment, _: str) -> Moment:
    return moment.remembers(replace(moment.talk, seeking="")).tells("talk.none-of-these")


def _set_about_staff(moment: Moment, _: str) -> Moment:
    return moment.remembers(replace(moment.talk, about_staff=True))


def _unset_about_staff(moment: Moment, _: str) -> Moment:
    return moment.remembers(replace(moment.talk, about_staff=False))


def _leave_team_out(moment: Moment, _: str) -> Moment:
    talk = moment.talk
    team = members_of(settled_place(talk, moment.facts), moment.facts)
    return moment.remembers(replace(talk, kept_from=tuple(sorted({*talk.kept_from, *team}))))


def _without_names(moment: Moment) -> Moment:
    return moment.remembers(replace(moment.talk, kept_from=(), kept_from_words="", seeking=""))


def _forget_names(moment: Moment, _: str) -> Moment:
    return _without_names(moment)


def _clear_names(moment: Moment, _: str) -> Moment:
    """Names alone: that it is about staff is only taken back by the button that says so."""
    talk = moment.talk
    cleared = _without_names(moment)
    if not (talk.kept_from or talk.kept_from_words):
        return cleared
    left = left_out(cleared.talk, moment.facts)
    return cleared.tells("talk.names-cleared-but-team" if left else "talk.names-cleared")


def _send_to_all(moment: Moment, _: str) -> Moment:
    return _send(_without_names(moment), "")


def _send(moment: Moment, _: str) -> Moment:
    talk, facts = moment.talk, moment.facts
    place = settled_place(talk, facts)
    sent = SendConcern(
        facts.new_id,
        facts.new_reference,
        destination(talk, facts),
        topic_of(talk),
        tuple(sorted(left_out(talk, facts))),
        talk.kept_from_words,
        None if place == INDEPENDENT_TEAM else place,
    )
    own = OwnConcern(
        facts.new_id,
        facts.new_reference,
        State.SENT,
        facts.today,
        facts.acknowledge_by,
        code=facts.new_code,
    )
    talk = replace(fresh(talk), about=facts.new_id)
    return moment.remembers(talk).does(sent).knows(own).tells("talk.receipt")


ACTS: Final[Mapping[str, Act]] = {
    "pick_place": pick_place,
    "unsure_place": _unsure_place,
    "unsettle": _unsettle,
    "find_place": _find_place,
    "pick_only_place": _pick_only_place,
    "outside_area": _outside_area,
    "name_people": _name_people,
    "pick_found": _pick_found,
    "pick_only_found": _pick_only_found,
    "none_found": _none_found,
    "set_about_staff": _set_about_staff,
    "unset_about_staff": _unset_about_staff,
    "leave_team_out": _leave_team_out,
    "clear_names": _clear_names,
    "forget_names": _forget_names,
    "send": _send,
    "send_to_all": _send_to_all,
    "say_ways": _say_ways,
    "say_unsure": say("talk.unsure"),
    "say_waiting": say("talk.waiting"),
    "say_name_first": say("talk.name-first"),
}
