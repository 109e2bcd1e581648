"""One step of the talk: what came in, against the script, gives the next talk and its effects."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.dialogue.acts.act import keep
from bot.dialogue.acts.every import ACTS
from bot.dialogue.acts.going import pick_place
from bot.dialogue.acts.sent import in_danger_about
from bot.dialogue.answers import is_blank
from bot.dialogue.anywhere import COMMANDS, by_command, by_id, chosen
from bot.dialogue.asks.sent import IN_DANGER
from bot.dialogue.effects import LinkStaff, ReleaseNews
from bot.dialogue.heard import attached, chosen_from_list, edited, met_with_help, said
from bot.dialogue.inputs import (
    Attached,
    Commanded,
    Edited,
    Elsewhere,
    Forged,
    Input,
    Left,
    OpenNews,
    Pressed,
    PressedAbout,
    PressedDraft,
    Returned,
    Said,
    SetAside,
    Unreadable,
)
from bot.dialogue.known import own_concern
from bot.dialogue.model import Facts, Stepped, Talk
from bot.dialogue.moment import Moment, home
from bot.dialogue.script import ASKS, FOOT, LASTING
from bot.dialogue.shown import line, listed, offered
from bot.dialogue.table import HOME, STAY

_NOT_KEPT: Final = frozenset({"location", "venue", "contact"})  # refused, and not stored
_CODE: Final = frozenset(string.ascii_letters + string.digits + "_-")  # of a deep link
_AT_REST: Final = frozenset({"rest", "idle"})


def step(talk: Talk, given: Input, facts: Facts) -> Stepped:
    """What one input does to the talk. Every input but `Left` is answered."""
    moment = Moment(talk, facts, talk)
    aside = _aside(given, moment)
    if aside is None:
        met = _met(moment, given)
        aside = _HEARD[type(given)](met, given)
    return Stepped(aside.talk, aside.effects)


def _aside(given: Input, moment: Moment) -> Moment | None:
    """Inputs that are not part of the talk: they are met, and the talk stays as it is."""
    match given:
        case Left():
            return moment
        case Elsewhere():
            return moment.tells("talk.elsewhere", prompt=True)
        case OpenNews(held_id):
            otherwise = line("talk.news-gone", moment.talk, moment.facts)
            return moment.does(ReleaseNews(held_id, otherwise))
        case Commanded("link", code):
            return _link(moment, code)
    return None


def _link(moment: Moment, code: str) -> Moment:
    if is_blank(code):
        return moment.tells("talk.link-how")
    talk, facts = moment.talk, moment.facts
    linked, refused = (line(key, talk, facts) for key in ("talk.linked", "talk.link-refused"))
    return moment.does(LinkStaff(code.strip(), linked, refused))


# ---- what is said before anything else -------------------------------------------------------


def _met(moment: Moment, given: Input) -> Moment:
    """Help first, if the words show danger; then who I am, or, after a day away, where we were."""
    if not _is_new(moment):
        moment = met_with_help(moment, given)
        return moment.tells("talk.recap") if _comes_back(moment, given) else moment
    at_home = moment.remembers(replace(moment.talk, at=home(moment.facts), trail=()))
    helped = met_with_help(at_home, given)
    return helped.tells("talk.welcome-helped" if helped.effects else "talk.welcome")


def _is_new(moment: Moment) -> bool:
    """Crisis contacts come before any question in the first answer of all."""
    return moment.before.at not in ASKS


def _comes_back(moment: Moment, given: Input) -> bool:
    """With a draft, after a day or more; those who ask for help, or to go on, get just that."""
    match given:
        case Pressed(_, "help") | Commanded("help" | "start", _) | PressedDraft() | Returned():
            return False
    return moment.facts.away and moment.talk.parts > 0


# ---- buttons --------------------------------------------------------------------------------


def _pressed(moment: Moment, given: Pressed) -> Moment:
    if given.choice == _HELP.id:
        return chosen(moment, _HELP)  # help is help, however old its button
    if given.step == moment.talk.step:
        ask, talk, facts = moment.ask, moment.talk, moment.facts
        if any(given.choice == id_ for id_, _ in listed(ask, talk, facts)):
            return chosen_from_list(moment, given.choice)
        for one in (*offered(ask.choices, talk, facts), *offered(FOOT, talk, facts)):
            if one.id == given.choice:
                return chosen(moment, one)
    if given.choice == IN_DANGER:  # under a message from before its button named its concern
        late = by_id(moment, given.choice)
        if late is not None:
            return late
        moment = moment.tells("help.block")
    if given.choice == "private":
        return moment.tells("talk.private").goes(STAY)  # a question is a question, however old
    return _stale(moment)


def _pressed_about(moment: Moment, given: PressedAbout) -> Moment:
    own = own_concern(given.concern_id, moment.facts)
    if own is None:
        return _stale(moment)
    if given.choice == IN_DANGER:  # never too late
        return in_danger_about(moment, own) or _stale(moment.tells("help.block"))
    before = moment.talk.about
    about = moment.remembers(replace(moment.talk, about=own.id))
    for row in LASTING:
        if row.choice == given.choice and own.state in row.states:
            done = ACTS[row.does](about, row.choice) if row.does else about
            if row.to == STAY:
                done = done.remembers(replace(done.talk, about=before))
            return done.goes(row.to)
    told = about.tells("talk.cannot-now")
    return told.remembers(replace(told.talk, about=before)).goes(STAY)


def _pressed_draft(moment: Moment, given: PressedDraft) -> Moment:
    """Under a reminder of the draft, which may be old: there need be no draft any more."""
    if given.choice == "no-nudge":
        quiet = moment.remembers(replace(moment.talk, no_nudge=True))
        return quiet.tells("talk.no-nudge").goes(STAY)
    if given.choice == "see-changes":  # under the notice of them, which has no draft either
        return by_id(moment, "changes") or _stale(moment)
    if given.choice != "go-on":
        return _stale(moment)
    if moment.talk.parts:
        moment = moment.tells("talk.recap")
    return moment.goes(HOME if moment.talk.at in _AT_REST else STAY)


def _stale(moment: Moment) -> Moment:
    return moment.tells("talk.stale").goes(STAY)


def _forged(moment: Moment, _: Forged) -> Moment:
    return _stale(moment)


# ---- commands -------------------------------------------------------------------------------


def _commanded(moment: Moment, given: Commanded) -> Moment:
    payload = given.payload.strip()
    if given.name == "start":
        return _started(moment, payload)
    named = {one.id: one for one in FOOT}
    if given.name not in ("help", "stop", *COMMANDS):
        words = f"/{given.name} {given.payload}".strip()
        return said(moment, Said(words))  # not ours, so it may be somebody's words
    if not is_blank(payload):
        moment = keep(moment, payload).tells("talk.kept-words")
    return by_command(moment, given.name) or chosen(moment, named[given.name])


def _started(moment: Moment, payload: str) -> Moment:
    """A fresh start greets; one in the middle goes on, repeating nothing that was said."""
    code = payload if set(payload) <= _CODE else ""
    place = next((one for one in moment.facts.places if code in one.codes), None)
    if place is not None:
        moment = pick_place(moment, place.id)
    if moment.talk.parts:
        moment = moment.tells("talk.recap")
    elif not _is_new(moment):
        moment = moment.tells("talk.welcome")
    if payload != code:
        return said(moment, Said(payload))
    return moment.goes(STAY if moment.talk.at not in _AT_REST else home(moment.facts))


# ---- everything else ------------------------------------------------------------------------


def _unreadable(moment: Moment, given: Unreadable) -> Moment:
    key = "talk.not-kept" if given.kind in _NOT_KEPT else "talk.unreadable"
    return moment.tells(key).goes(STAY)


def _set_aside(moment: Moment, _: SetAside) -> Moment:
    return moment.tells("talk.set-aside").goes(STAY)


def _returned(moment: Moment, _: Returned) -> Moment:
    return (moment if moment.effects else moment.tells("talk.returned")).goes(STAY)


_HELP: Final = next(one for one in FOOT if one.id == "help")

_HEARD: Final[Mapping[type[Any], Callable[[Moment, Any], Moment]]] = {
    Said: said,
    Edited: edited,
    Attached: attached,
    Pressed: _pressed,
    PressedAbout: _pressed_about,
    PressedDraft: _pressed_draft,
    Forged: _forged,
    Commanded: _commanded,
    Unreadable: _unreadable,
    SetAside: _set_aside,
    Returned: _returned,
}
