"""What several chapters do in the same way. Each act takes what was chosen or typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.casework.model import State
from bot.dialogue.effects import (
    Keep,
    KeepFile,
    NoteOnConcern,
)
from bot.dialogue.inputs import Attached
from bot.dialogue.known import (
    own_concern,
)
from bot.dialogue.model import Talk
from bot.dialogue.moment import Moment

Act = Callable[[Moment, str], Moment]


def fresh(talk: Talk) -> Talk:
    """The talk without its draft. What the person chose for themselves stays: a language, and not
    to be reminded (whoever is watched at home is watched at the next draft too)."""
    return Talk(
        at=talk.at,
        step=talk.step,
        about=talk.about,
        trail=talk.trail,
        child=talk.child,
        language=talk.language,
        no_nudge=talk.no_nudge,
        alarmed=talk.alarmed,
        alarmed_on=talk.alarmed_on,
        carer_helped=talk.carer_helped,
    )


def keep(moment: Moment, words: str) -> Moment:
    return _kept(moment, Keep(words))


def keep_file(moment: Moment, file: Attached) -> Moment:
    return _kept(moment, KeepFile(file.kind, file.ticket, file.size))


def _kept(moment: Moment, part: Keep | KeepFile) -> Moment:
    talk = moment.talk
    if not talk.parts and talk.place is None and moment.facts.next_place:
        talk = replace(talk, place=moment.facts.next_place)
    talk = replace(talk, parts=talk.parts + 1, last_odd=False)
    return moment.remembers(talk).does(part)


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
