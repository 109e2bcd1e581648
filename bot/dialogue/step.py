"""One step of the talk: what came in, against the script, gives the next talk and its effects."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.dialogue.acts.act import keep
from bot.dialogue.acts.every import ACTS
from bot.dialogue.acts.going import pick_place
from bot.dialogue.answers import Offer, is_blank, understood
from bot.dialogue.effects import LinkStaff, ReleaseNews
from bot.dialogue.inputs import (
    Commanded,
    Edited,
    Elsewhere,
    Forged,
    Input,
    Left,
    OpenNews,
    Pressed,
    PressedAbout,
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
from bot.dialogue.table import STAY, Choice

_NOT_KEPT: Final = frozenset({"location", "venue", "contact"})  # refused, and not stored
_CODE: Final = frozenset(string.ascii_letters + string.digits + "_-")  # of a deep link


def step(talk: Talk, given: Input, facts: Facts) -> Stepped:
    """What one input does to the talk. Every input but `Left` is answered."""
    moment = Moment(talk, facts, talk)
    aside = _aside(given, moment)
    if aside is None:
        if talk.at not in ASKS:
            moment = _greeted(moment)
        aside = _HEARD[type(given)](moment, given)
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


def _greeted(moment: Moment) -> Moment:
    """The first answer of all: crisis contacts come before any question."""
    talk = replace(moment.talk, at=home(moment.facts), trail=())
    return moment.remembers(talk).tells("talk.welcome")


# ---- words ----------------------------------------------------------------------------------


def _said(moment: Moment, given: Said) -> Moment:
    if is_blank(given.text):
        return moment.tells("talk.unreadable").goes(STAY)
    ask, talk, facts = moment.ask, moment.talk, moment.facts
    names = listed(ask, facts)
    buttons = offered(ask.choices, talk, facts)
    rest = (*offered(ask.spoken, talk, facts), *offered(FOOT, talk, facts))
    offers = [
        *(Offer((name,), numbered=True, named=True) for _, name in names),
        *(_offer(one, facts, numbered=True) for one in buttons),
        *(_offer(one, facts) for one in rest),
    ]
    index = understood(given.text, offers, own_words=ask.open)
    if index is None:
        return ACTS[ask.typed.does](moment, given.text).goes(ask.typed.to)
    if index < len(names):
        return _chosen_from_list(moment, names[index][0])
    return _chosen(moment, (*buttons, *rest)[index - len(names)])


def _offer(choice: Choice, facts: Facts, *, numbered: bool = False) -> Offer:
    """Every word that means this choice; what else people type stands behind `|` in the wording."""
    said = [facts.labels.get(choice.label, "")]
    for key in choice.also:
        said += facts.labels.get(key, "").split("|")
    return Offer(tuple(filter(None, said)), choice.exact, numbered)


def _edited(moment: Moment, given: Edited) -> Moment:
    if is_blank(given.text):
        return moment.tells("talk.unreadable").goes(STAY)
    typed = moment.ask.typed
    return (
        keep(moment, given.text)
        .tells("talk.edited")
        .goes(typed.to if typed.does == "keep" else STAY)
    )


# ---- buttons --------------------------------------------------------------------------------


def _pressed(moment: Moment, given: Pressed) -> Moment:
    if given.choice == _HELP.id:
        return _chosen(moment, _HELP)  # help is help, however old its button
    if given.step == moment.talk.step:
        ask, talk, facts = moment.ask, moment.talk, moment.facts
        if any(given.choice == id_ for id_, _ in listed(ask, facts)):
            return _chosen_from_list(moment, given.choice)
        for one in (*offered(ask.choices, talk, facts), *offered(FOOT, talk, facts)):
            if one.id == given.choice:
                return _chosen(moment, one)
    return _stale(moment)


def _chosen(moment: Moment, choice: Choice) -> Moment:
    if choice.does:
        moment = ACTS[choice.does](moment, choice.id)
    return moment.goes(choice.to)


def _chosen_from_list(moment: Moment, id_: str) -> Moment:
    row = moment.ask.listed
    return ACTS[row.does](moment, id_).goes(row.to) if row else _stale(moment)


def _pressed_about(moment: Moment, given: PressedAbout) -> Moment:
    own = own_concern(given.concern_id, moment.facts)
    if own is None:
        return _stale(moment)
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
    if given.name not in ("help", "stop"):
        words = f"/{given.name} {given.payload}".strip()
        return _said(moment, Said(words))  # not ours, so it may be somebody's words
    if not is_blank(payload):
        moment = keep(moment, payload).tells("talk.kept-words")
    return _chosen(moment, named[given.name])


def _started(moment: Moment, payload: str) -> Moment:
    """A fresh start greets; one in the middle goes on, repeating nothing that was said."""
    code = payload if set(payload) <= _CODE else ""
    place = next((one for one in moment.facts.places if code and one.code == code), None)
    if place is not None:
        moment = pick_place(moment, place.id)
    if moment.talk.parts:
        moment = moment.tells("talk.recap")
    elif not moment.effects:
        moment = moment.tells("talk.welcome")
    if payload != code:
        return _said(moment, Said(payload))
    return moment.goes(STAY if moment.talk.at not in _AT_REST else home(moment.facts))


_AT_REST: Final = frozenset({"rest", "idle"})

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
    Said: _said,
    Edited: _edited,
    Pressed: _pressed,
    PressedAbout: _pressed_about,
    Forged: _forged,
    Commanded: _commanded,
    Unreadable: _unreadable,
    SetAside: _set_aside,
    Returned: _returned,
}
