"""Roles, routes and concerns against each other, over HTTP: what is not allowed is refused, logged,
and changes nothing. The table is in matrix.py."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.routing import Route

from bot.casework.access import Action, Duty, may, may_do
from bot.console.app import routes
from bot.console.concern.pages import MOVED_ON, REFUSALS
from storage import concerns, schema
from tests.console.matrix import (
    ANYBODY,
    LEFT_OUT,
    ONE,
    PEOPLE,
    READS,
    ROWS,
    TEAMS,
    Row,
    Scene,
    furnished,
    staffed,
)

REFERENCES = (*TEAMS, LEFT_OUT)


def in_app(ward) -> set[tuple[str, str]]:
    found = set()
    for route in routes(ward.console()):
        assert isinstance(route, Route)
        found |= {(method, route.path) for method in route.methods - {"HEAD"}}
    return found


async def stored(ward) -> dict[str, list[str]]:
    """Every row of every table."""
    async with ward.store.read() as conn:
        return {
            name: sorted(map(repr, (await conn.execute(select(table))).all()))
            for name, table in schema.metadata.tables.items()
        }


def expected(row: Row, role: str, reference: str) -> int:
    """What the table says that this role is answered with."""
    if ONE in row.path and reference not in READS[role]:
        return 404
    if row.path.startswith("/changes/") and role == "another team's answerer":
        return 403
    return row.allowed if PEOPLE[role][0] in row.who.split() else 403


async def ask(scene: Scene, browser, row: Row, reference: str, csrf: str):
    where = scene.address(row, reference)
    if row.method == "GET":
        return await browser.get(where)
    form = {"csrf": csrf, **row.form}
    if "seen" in form:
        async with scene.ward.store.read() as conn:
            known = (await concerns.by_reference(conn, [reference]))[reference]
        form["seen"] = str(known.version)
    return await browser.post(where, form)


def pairs(role: str, *, refused: bool) -> list[tuple[Row, str]]:
    """Every row with every concern that it can be about."""
    return [
        (row, reference)
        for row in ROWS
        for reference in (REFERENCES if ONE in row.path else REFERENCES[:1])
        if (expected(row, role, reference) in (403, 404)) == refused
    ]


async def test_every_route_of_the_console_has_a_row_and_every_row_a_route(ward):
    rows = [(row.method, row.path) for row in ROWS]
    assert len(rows) == len(set(rows))
    assert set(rows) | ANYBODY == in_app(ward)
    assert not set(rows) & ANYBODY


async def test_the_table_says_what_the_rules_say(ward):
    """Each row's letters are those whom access.py lets, towards their own team's concern."""
    await staffed(ward)
    for role, (letter, name, held) in PEOPLE.items():
        member = await ward.member(name)
        own = held[0][0] if held[0][0] != "*" else "willow"
        for row in ROWS:
            told = letter in row.who.split()
            if isinstance(row.rule, Action):
                assert may(member, own, row.rule) == told, (role, row.name)
            elif isinstance(row.rule, Duty):
                assert may_do(member, row.rule) == told, (role, row.name)
            else:
                assert told, (role, row.name)


@pytest.mark.parametrize("role", PEOPLE)
async def test_what_is_not_allowed_is_refused_and_logged_and_changes_nothing(ward, log, role):
    name = PEOPLE[role][1]
    scene = await furnished(ward, name)
    browser = await ward.signed_in(name)
    csrf = (await browser.get("/me")).csrf
    before, wrong, tried = await stored(ward), [], pairs(role, refused=True)
    for row, reference in tried:
        log.truncate(0)
        log.seek(0)
        answer = await ask(scene, browser, row, reference, csrf)
        status = expected(row, role, reference)
        event = {403: "not-allowed", 404: "not-found"}[status]
        logged = f"{event} staff={ward.ids[name]} kind=" in log.getvalue()
        if (answer.status, logged) != (status, True):
            wrong.append((row.name, reference, answer.status, f"expected {status}", log.getvalue()))
        assert reference not in log.getvalue()
        assert "nurse" not in answer.text
    assert wrong == []
    after = await stored(ward)
    assert {table for table in after if after[table] != before[table]} == set()
    assert len(tried) >= len(ROWS) // 2


@pytest.mark.parametrize("role", PEOPLE)
async def test_what_is_allowed_is_done(ward, role):
    """Refusals alone would also be met by a console that lets nobody do anything."""
    name = PEOPLE[role][1]
    scene = await furnished(ward, name)
    browser, wrong = await ward.signed_in(name), []
    for row, reference in pairs(role, refused=False):
        if row.path == "/sign-out":
            continue
        if row.put:
            await ward.mark(reference, **row.put)
        answer = await ask(scene, browser, row, reference, (await browser.get("/me")).csrf)
        if answer.status != row.allowed or unfit(answer.text):
            wrong.append((row.name, reference, answer.status, f"expected {row.allowed}"))
    assert wrong == []


def unfit(text: str) -> bool:
    """Whether the page says that the concern moved on: how an unforeseen refusal reads."""
    return MOVED_ON in text or REFUSALS["open-it-first"] in text


async def test_whoever_is_not_signed_in_is_sent_to_the_door_and_changes_nothing(ward):
    scene = await furnished(ward, "Cleo Hart")
    before, stranger = await stored(ward), ward.browser()
    for row in ROWS:
        answer = await ask(scene, stranger, row, REFERENCES[0], "made-up")
        if row.path.startswith(ONE) and row.form.get("do") == "save":
            assert answer.status == 401  # what was written is shown again, and kept nowhere
            continue
        assert answer.status == 303, row.name
        assert answer.headers["Location"].startswith("/sign-in?next=/"), row.name
    assert await stored(ward) == before


async def test_concerns_that_one_may_not_read_look_like_none(ward):
    """Word for word: the reference of nothing, of another team's, and of one that one is left out
    of."""
    await furnished(ward, "Cleo Hart")
    cleo = await ward.signed_in("Cleo Hart")
    for path in ("", "/answer", "/take-out", "/step-back", "/publish"):
        answers = [
            await cleo.get(f"/concerns/{one}{path}") for one in ("ZZZZ-ZZZZ", *REFERENCES[1:])
        ]
        assert {one.status for one in answers} == {404}
        assert len({one.text for one in answers}) == 1
