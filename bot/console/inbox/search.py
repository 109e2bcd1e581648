"""Search over what this member may read. What they look for stays in their session: an address, a
browser's history, the log and the audit never hold a word of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from bot.casework.model import State
from bot.console import phrases
from bot.console.concern.timeline import PERSON, STAFF
from bot.console.gate import Visit, go, to_sign_in
from bot.console.inbox import filters, folding
from bot.console.inbox.folding import Piece
from bot.console.inbox.looking import AHEAD, PAGE_SIZE, Ended, Hit, Result, Search
from bot.console.inbox.pages import number_of
from bot.console.shelf import Question
from bot.desk import searching
from storage.inbox import Filters

NOT_STATED: Final = "Write a word to look for. A part of a word is enough."
CHOICES: Final = ("team", "since", "until")


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit in words."""

    reference: str
    state: str
    team: str
    sent: str
    label: str
    pieces: Sequence[Piece]


async def search_page(visit: Visit) -> Response:
    """The form; with the results of a question that this session asked."""
    query = visit.request.query_params
    asked = query.get("asked", "")
    question = visit.session.shelf.question(asked)
    if question is None:
        _read_ahead(visit)
        return _form(visit)
    number = max(1, number_of(query.get("page", "")))
    search = Search(
        visit.console.desk, visit.member, visit.session, question, visit.console.reading
    )
    try:
        result = await search.page(number)
    except Ended:
        return await to_sign_in(visit.console, visit.request, {})
    shown = [hit.place.id for hit in result.hits]
    still = await searching.note(visit.console.desk, visit.member, result.found, shown)
    hits = [_shown(visit, hit) for hit in result.hits if hit.place.id in still]
    return _results(visit, (asked, question), result, hits, number)


def _read_ahead(visit: Visit) -> None:
    """Most of a first search is opening: it begins with the form, not with the question."""
    console = visit.console
    everything = Question(bytearray(), Filters(), {})
    reading = Search(
        console.desk, visit.member, visit.session, everything, console.reading, budget=AHEAD
    )
    task = asyncio.create_task(reading.read_ahead())
    console.ahead.add(task)
    task.add_done_callback(console.ahead.discard)


async def search(visit: Visit) -> Response:
    """Keep the question, then show what it finds by an address that Back leads to as well."""
    words = visit.form.get("words", "")[: folding.LONGEST]
    given = {name: visit.form.get(name, "") for name in CHOICES}
    chosen = filters.chosen(visit.console, visit.member, given)
    if not folding.terms(words):
        return _form(visit, 400, chosen.values, problem=NOT_STATED)
    question = Question(bytearray(words.encode("utf-8", "replace")), chosen.filters, chosen.values)
    return go(f"/concerns/search?asked={visit.session.shelf.ask(question)}")


def _form(
    visit: Visit, status: int = 200, values: Mapping[str, str] | None = None, problem: str = ""
) -> Response:
    return visit.page(
        "search.html",
        status,
        words="",
        values=values or {},
        teams=filters.teams_of(visit.console, visit.member),
        problem=problem,
        result=None,
    )


def _results(
    visit: Visit,
    asked: tuple[str, Question],
    result: Result,
    hits: Sequence[Shown],
    number: int,
) -> Response:
    return visit.page(
        "search.html",
        asked=asked[0],
        words=asked[1].text,
        values=asked[1].chosen,
        teams=filters.teams_of(visit.console, visit.member),
        problem="",
        result=result,
        hits=hits,
        number=number,
        pages=max(1, -(-result.found // PAGE_SIZE)),
    )


def _shown(visit: Visit, hit: Hit) -> Shown:
    place, console = hit.place, visit.console
    label = PERSON.get(hit.kind) or STAFF.get(hit.kind) or "A note of staff"
    return Shown(
        reference=place.reference,
        state=phrases.STATES[State(place.state)],
        team=console.desk.house.team_name(place.team),
        sent=phrases.moment(place.sent_at, console.zone(place.team)),
        label=label if hit.pieces else "",
        pieces=hit.pieces,
    )
