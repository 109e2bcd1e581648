"""The part of the page that says what a concern is about: the person's tap, and staff's codes."""

from __future__ import annotations

from collections.abc import Mapping

from bot.casework.access import Action, may
from bot.casework.model import Kind as ConcernKind
from bot.console import phrases
from bot.console.concern.panels.panel import Panel, Values
from bot.console.gate import Visit
from bot.desk.desk import OpenedConcern
from bot.desk.themes import CODED, TOPIC, ids_in
from config.themes import Kind
from storage import staff
from storage.concerns import OpenPart


async def _load(visit: Visit, opened: OpenedConcern) -> Values | None:
    concern, console = opened.concern, visit.console
    if concern.kind is not ConcernKind.CONCERN:
        return None
    house, zone = console.desk.house, console.zone(concern.team)
    coded = [part for part in opened.parts if part.kind == CODED]
    newest = set(ids_in(coded[-1].words) or ()) if coded else set()
    names = await _names(visit) if coded else {}
    by_id = {theme.id: theme.name for theme in house.themes}

    def told(part: OpenPart) -> dict[str, str]:
        ids = ids_in(part.words) or ()
        return {
            "by": names.get(part.author_id or "", "someone who has left"),
            "at": phrases.moment(part.at, zone),
            "what": "; ".join(by_id.get(one, one) for one in ids) or "Nothing",
        }

    return {
        "reference": concern.reference,
        "csrf": visit.session.csrf,
        "topic": next((_text(one) for one in opened.parts if one.kind == TOPIC), ""),
        "sources": _sources(visit, opened),
        "newest": [theme.name for theme in house.themes if theme.id in newest],
        "history": [told(part) for part in coded],
        "may": may(visit.member, concern.team, Action.CODE),
        "groups": [
            (
                legend,
                [(one.id, one.name, one.id in newest) for one in house.themes if one.kind is kind],
            )
            for kind, legend in (
                (Kind.HARM, "Sources of harm"),
                (Kind.FACTOR, "What contributed"),
            )
        ],
    }


def _sources(visit: Visit, opened: OpenedConcern) -> list[str]:
    """What the person's tap can stand for in the research. It is never coded by itself."""
    house = visit.console.desk.house
    said = next((_text(one) for one in opened.parts if one.kind == TOPIC), "")
    harms = [theme.name for theme in house.themes if theme.kind is Kind.HARM]
    topic = next(
        (one for one in house.topics if house.wording.text(f"topic.{one.id}") == said), None
    )
    return [harms[number - 1] for number in topic.harms] if topic else []


async def _names(visit: Visit) -> Mapping[str, str]:
    console = visit.console
    async with console.store.read() as conn:
        rows = await staff.everyone(conn, console.keys)
    return {row.id: "you" if row.id == visit.member.id else row.name for row in rows}


def _text(part: OpenPart) -> str:
    return part.words.decode("utf-8", "replace")


CODING = Panel("coding.html", _load)
