"""What the choices of the chapter `around` do, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.dialogue.acts.act import Act, say
from bot.dialogue.moment import Moment


def set_language(moment: Moment, language: str) -> Moment:
    changed = replace(moment.talk, language=language)
    return moment.remembers(changed).tells("talk.language-set")


ACTS: Final[Mapping[str, Act]] = {
    "set_language": set_language,
    "say_one_first": say("talk.one-first"),
}
