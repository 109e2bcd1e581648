"""The lists that the database cuts against the rules for one concern, and who sees nothing."""

from __future__ import annotations

import secrets as chance
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from bot.casework.access import Action, may
from bot.casework.model import DueKind, Level, Member, Membership, Role, State
from bot.console.inbox.filters import day_ends
from bot.console.worklist import RULES, Facts, Need, Tab, need, tabs_of
from bot.turns.concern import seen_by
from storage import inbox
from storage.concern_rows import ConcernRow
from storage.schema import alerts, concerns, data_requests, exclusions, wraps

ZONES = {"willow": ZoneInfo("Europe/London"), "birch": ZoneInfo("Pacific/Auckland")}
ELSEWHERE = ZoneInfo("UTC")
NOW = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # tomorrow already in Auckland, late in London
HOUR = timedelta(hours=1)
ROLES = (
    ("willow", Role.READER),
    ("willow", Role.ANSWERER),
    ("*", Role.SENIOR),
    ("*", Role.INDEPENDENT),
    ("*", Role.ON_DUTY),
)
hours = st.integers(-60, 60).map(lambda some: NOW + some * HOUR)
moments = st.one_of(hours, st.sampled_from([NOW, NOW + HOUR * 1.5, NOW - timedelta(seconds=1)]))


@st.composite
def rows(draw):
    """A concern as it can stand in the database; `owner_id` is "me" for the one who looks."""
    due = draw(st.none() | moments)
    return ConcernRow(
        id=chance.token_hex(8),
        reference=chance.token_hex(4),
        team=draw(st.sampled_from(["willow", "birch", "closed-down", "independent"])),
        state=draw(st.sampled_from(State)),
        level=Level.TEAM,
        owner_id=draw(st.sampled_from([None, "me"])),
        sent_at=draw(hours),
        state_since=draw(hours),
        due_at=due,
        due_kind=draw(st.sampled_from(DueKind)) if due else None,
        missed=draw(st.integers(0, 2)),
        promised_on=None,
        six_months_told=False,
        opened_at=None,
        undelivered=False,
        version=1,
        kind=draw(st.sampled_from(["concern", "data-complaint"])),
        in_danger=draw(st.booleans()),
        data_due=draw(st.sampled_from([None, "2026-07-09"])),
        asked_at=draw(st.none() | hours),
        acknowledged_at=draw(st.none() | hours),
    )


@st.composite
def worlds(draw):
    """Rows, each with an alarm (when it began, whether it was seen) and who may not see it."""
    alarm = st.none() | st.tuples(hours, st.booleans())
    hidden = st.sampled_from(["", "", "", "", "no key", "left out"])
    return draw(st.lists(st.tuples(rows(), alarm, hidden), max_size=30))


async def put(conn, world, me: str) -> None:
    for one in (alerts, data_requests, exclusions, wraps, concerns):
        await conn.execute(delete(one))
    for row, alarm, hidden in world:
        values = {
            column.name: getattr(row, column.name)
            for column in concerns.columns
            if hasattr(row, column.name)
        }
        values |= {"public_key": b"", "return_sealed": b"", "owner_id": row.owner_id and me}
        await conn.execute(insert(concerns).values(values))
        if hidden != "no key":
            await conn.execute(insert(wraps).values(concern_id=row.id, reader_id=me, body=b""))
        if hidden == "left out":
            await conn.execute(insert(exclusions).values(concern_id=row.id, staff_id=me))
        answered = None if row.data_due else NOW
        await conn.execute(
            insert(data_requests).values(
                concern_id=row.id, asked_at=NOW, due_on="2026-07-09", told=0, answered_at=answered
            )
        )
        if alarm:
            began, seen = alarm
            await conn.execute(
                insert(alerts).values(
                    concern_id=row.id, began_at=began, step=0, seen_at=NOW if seen else None
                )
            )


def reader(me: Member) -> inbox.Reader:
    known = {one.team for one in me.memberships} | {"independent"}
    copies = {team: may(me, team, Action.ANSWER) for team in known}
    return inbox.Reader(
        me.id,
        NOW,
        day_ends(NOW, ELSEWHERE),
        {team: day_ends(NOW, zone) for team, zone in ZONES.items()},
        inbox.Copies(copies, may(me, "", Action.ANSWER)),
    )


def expected(world, me: Member) -> dict[Tab, list[tuple[str, Need]]]:
    """The lists by the rules for one concern."""
    found = {tab: [] for tab in Tab}
    for row, alarm, hidden in world:
        if hidden:
            continue
        concern = seen_by(me, replace(row, owner_id=row.owner_id and me.id))
        after = row.acknowledged_at is not None and alarm and alarm[0] > row.acknowledged_at
        unseen = bool(after and not alarm[1])
        facts = Facts(NOW, ZONES.get(row.team, ELSEWHERE), unseen)
        for tab in tabs_of(concern, me.id, facts):
            found[tab].append((concern, need(concern, facts)))
    far = datetime.max.replace(tzinfo=UTC)
    for tab, some in found.items():
        if tab is Tab.CLOSED:
            some.sort(key=lambda one: (one[0].state_since, one[0].reference), reverse=True)
        else:
            some.sort(
                key=lambda one: (one[1], one[0].due.at if one[0].due else far, one[0].reference)
            )
    return {tab: [(one.reference, needed) for one, needed in some] for tab, some in found.items()}


@pytest.mark.parametrize("held", ROLES, ids=lambda held: held[1])
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds())
async def test_the_database_and_the_rules_make_the_same_lists(store, enrol, held, world) -> None:
    member, _private = await enrol(chance.token_hex(8))
    me = Member(member, "", (Membership(*held),))
    async with store.write() as conn:
        await put(conn, world, member)
    wanted = expected(world, me)
    async with store.read() as conn:
        for tab in Tab:
            found, number, pages = [], 1, 1
            while number <= pages:
                cut = inbox.Cut(tab, number, 7)
                page = await inbox.lists(conn, reader(me), RULES, inbox.Filters(), cut)
                assert page.page == number
                found += [(row.reference, Need(place)) for row, place in page.rows]
                number, pages = number + 1, page.pages
            assert found == wanted[tab], tab
            assert page.counts == {one: len(some) for one, some in wanted.items()}


def test_the_reasons_have_one_order() -> None:
    assert tuple(one.name.lower() for one in Need) == inbox.NEEDS
    assert inbox.CLOSED == Tab.CLOSED


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    world=worlds(),
    team=st.sampled_from([None, "willow", "birch"]),
    state=st.none() | st.sampled_from(State),
    kind=st.sampled_from([None, "data-complaint"]),
    span=st.sampled_from([(None, None), (NOW, None), (None, NOW), (NOW - 9 * HOUR, NOW)]),
)
async def test_filters_cut_every_list_and_its_count(
    store, enrol, world, team, state, kind, span
) -> None:
    member, _private = await enrol(chance.token_hex(8))
    me = Member(member, "", (Membership("*", Role.SENIOR),))
    async with store.write() as conn:
        await put(conn, world, member)
    since, before = span
    left = [
        one
        for one in world
        if team in {None, one[0].team}
        and state in {None, one[0].state}
        and kind in {None, one[0].kind}
        and (since is None or one[0].sent_at >= since)
        and (before is None or one[0].sent_at < before)
    ]
    filters = inbox.Filters(team, state, kind, since, before)
    async with store.read() as conn:
        for tab, wanted in expected(left, me).items():
            cut = inbox.Cut(tab, 1, 50)
            page = await inbox.lists(conn, reader(me), RULES, filters, cut)
            assert [(row.reference, Need(place)) for row, place in page.rows] == wanted
            assert page.counts[tab] == len(wanted)


async def test_a_page_that_does_not_exist_becomes_the_nearest_one(store, enrol) -> None:
    member, _private = await enrol()
    me = Member(member, "", (Membership("*", Role.SENIOR),))
    async with store.read() as conn:
        for asked in (-3, 0, 99):
            cut = inbox.Cut(Tab.US, asked, 25)
            page = await inbox.lists(conn, reader(me), RULES, inbox.Filters(), cut)
            assert (page.page, page.pages, page.rows) == (1, 1, [])


def test_days_end_where_the_team_is() -> None:
    assert day_ends(NOW, ZONES["willow"]) == datetime(2026, 7, 1, 23, tzinfo=UTC)
    assert day_ends(NOW, ZONES["birch"]) == datetime(2026, 7, 2, 12, tzinfo=UTC)
    assert day_ends(NOW, ELSEWHERE).date() == date(2026, 7, 2)
