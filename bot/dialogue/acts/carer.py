"""What the choices of the chapter `carer` do, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.dialogue.acts.act import Act, say
from bot.dialogue.acts.sent import LONGEST_ANSWER, answer, quietly
from bot.dialogue.moment import Moment


def _note_consent(moment: Moment, choice: str) -> Moment:
    return _explained(quietly(moment, "consent", choice))


def _tell_consent(moment: Moment, words: str) -> Moment:
    told = answer("consent", LONGEST_ANSWER)(moment, words)
    return told if told.talk.parts else _explained(told)


def _explained(moment: Moment) -> Moment:
    """What staff may say back, before it disappoints; and once, help for carers themselves."""
    told = moment.tells("talk.carer-may")
    if told.talk.carer_helped:
        return told
    return told.remembers(replace(told.talk, carer_helped=True)).tells("talk.carer-help")


ACTS: Final[Mapping[str, Act]] = {
    "note_consent": _note_consent,
    "tell_consent": _tell_consent,
    "tell_own_worry": answer("own-worry"),
    "say_which_no": say("talk.which-no"),
}
