"""What the choices of the chapter `telling` do, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.dialogue.acts.act import Act, fresh, keep, keep_aside, say
from bot.dialogue.effects import (
    DropDraft,
    DropLast,
)
from bot.dialogue.moment import Moment


def _pick_topic(moment: Moment, topic: str) -> Moment:
    return moment.remembers(replace(moment.talk, topic=topic))


def _drop_draft(moment: Moment, _: str) -> Moment:
    return moment.remembers(fresh(moment.talk)).does(DropDraft()).tells("talk.deleted")


def _leave_out(moment: Moment, _: str) -> Moment:
    talk = replace(moment.talk, parts=moment.talk.parts - 1, last_odd=False, tail="")
    return moment.remembers(talk).does(DropLast()).tells("talk.left-out")


ACTS: Final[Mapping[str, Act]] = {
    "keep": keep,
    "keep_aside": keep_aside,
    "pick_topic": _pick_topic,
    "drop_draft": _drop_draft,
    "leave_out": _leave_out,
    "say_help": say("help.block"),
    "say_private": say("talk.private"),
}
