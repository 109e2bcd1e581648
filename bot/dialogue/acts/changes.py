"""What the choices of the chapter `changes` do, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.acts.act import Act
from bot.dialogue.effects import TellOfChanges
from bot.dialogue.moment import Moment


def _want(moment: Moment, _: str) -> Moment:
    return moment.does(TellOfChanges(wanted=True)).tells("talk.changes-wanted")


def _unwant(moment: Moment, _: str) -> Moment:
    return moment.does(TellOfChanges(wanted=False)).tells("talk.changes-unwanted")


ACTS: Final[Mapping[str, Act]] = {"want": _want, "unwant": _unwant}
