"""What sending would put on the person's phone: the very messages, in their language."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.casework.keys import notice_for
from bot.casework.life import decide
from bot.casework.model import NotAllowed, TellPerson
from bot.console import writing
from bot.console.letters.sitting import Desktop
from bot.turns.rendering import in_messages, news_body, too_long


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message, with what stands on the buttons under it."""

    text: str
    buttons: Sequence[str] = ()


def tells(desktop: Desktop, words: Mapping[str, str]) -> list[TellPerson]:
    """What sending would tell the person, by the same rules; empty when it cannot be sent."""
    visit, kind = desktop.visit, desktop.kind
    house, now = visit.console.desk.house, visit.console.clock.now()
    event = writing.event(kind, words, visit.member.id, desktop.today)
    try:
        decision = decide(desktop.opened.concern, event, house.calendar, now, house.clocks)
    except NotAllowed:
        return []
    told = {"words": writing.composed(kind, words)}
    found = [one for one in decision.tells if isinstance(one, TellPerson)]
    return [replace(one, params={**one.params, **told}) for one in found]


def fits(desktop: Desktop, words: Mapping[str, str]) -> bool:
    """Whether the person can get it: the whole message is measured, with our sentences in it, in
    their language."""
    return not any(too_long(one, desktop.wording) for one in tells(desktop, words))


def bubbles(desktop: Desktop, told: Sequence[TellPerson]) -> list[Bubble]:
    """The very messages that sending would make."""
    wording, concern = desktop.wording, desktop.opened.concern
    shown: list[Bubble] = []
    for some in in_messages(told, wording):
        body = json.loads(news_body(some, concern.id, wording))
        notice = wording.text(notice_for(some[0].key))
        buttons = [button["label"] for row in body["rows"] for button in row]
        shown += [Bubble(notice, [wording.text("button.read-it")]), Bubble(body["text"], buttons)]
    return shown


def other_language(desktop: Desktop) -> tuple[str, str]:
    """Code and own name of the language the person reads, if it is not the first; else empty."""
    languages = desktop.visit.console.desk.house.languages
    if desktop.wording.language == languages.first.language:
        return "", ""
    base = desktop.wording.language.partition("-")[0]
    return base, dict(languages.names)[desktop.wording.language]
