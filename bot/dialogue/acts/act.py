"""What several chapters do in the same way. Each act takes what was chosen or typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.casework.model import State
from bot.dialogue.effects import (
    Keep,
    NoteOnConcern,
)
from bot.dialogue.known import (
    own_concern,
)
from bot.dialogue.model import Talk
from bot.dialogue.moment import Moment

Act = Callable[[Moment, str], Moment]


def fresh(talk: Talk) -> Talk:
    """The talk without its draft."""
    return Talk(at=talk.at, step=talk.step, about=talk.about, trail=talk.trail)


def keep(moment: Moment, words: str) -> Moment:
    talk = moment.talk
    if not talk.parts and talk.place is None and moment.facts.next_place:
        talk = replace(talk, place=moment.facts.next_place)
    return moment.remembers(replace(talk, parts=talk.parts + 1)).does(Keep(words))


def keep_aside(moment: Moment, words: str) -> Moment:
    """Words where a choice was asked for: they are kept all the same, and that is said."""
    return keep(moment, words).tells("talk.kept-words")


def note(moment: Moment, kind: str, words: str) -> Moment:
    note = NoteOnConcern(moment.talk.about or "", kind, words)
    return moment.does(note).tells("talk.noted")


def about_is(state: State, moment: Moment) -> bool:
    own = own_concern(moment.talk.about, moment.facts)
    return own is not None and own.state is state


def say(key: str) -> Act:
    def say(moment: Moment, _: str) -> Moment:
        return moment.tells(key)

    return say
