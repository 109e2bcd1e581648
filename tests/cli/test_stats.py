"""heard stats: sums of days, teams and questions, with small numbers hidden."""

import asyncio
import csv
from datetime import UTC, date, datetime, timedelta

import pytest

from storage import counts
from tests.cli.test_socket import running as answering
from tests.cli.test_socket import typed

DAY = date(2026, 11, 20)


def count(home, day, **numbers):
    """elm_place_shown=12 and so on; `none_` is no team."""
    cells = {}
    for name, n in numbers.items():
        team, question, what = name.split("_")
        cells["" if team == "none" else team, question, what] = n
    home.stored(lambda conn: counts.add(conn, day, cells))


def printed(home, *more):
    ended = home.heard("stats", "--csv", "--from", "2026-11-01", "--to", "2026-11-30", *more)
    assert ended.returncode == 0, ended.stderr
    rows = csv.DictReader(ended.stdout.splitlines())
    return {(row.pop("team"), row.pop("question")): row for row in rows}


def test_days_are_added_up_and_noughts_and_small_numbers_are_hidden(home):
    for day in range(10):
        count(home, DAY - timedelta(days=day), elm_place_shown=4, elm_place_answered=3)
    count(home, DAY, elm_place_skipped=4)
    row = {"shown": "40", "answered": "30", "skipped": "<5", "stopped": "<5"}
    assert printed(home) == {("elm", "place"): row, ("(all)", "place"): row}


def test_days_outside_the_period_do_not_count(home):
    count(home, date(2026, 10, 31), elm_tell_shown=100)
    count(home, date(2026, 11, 1), elm_tell_shown=10)
    count(home, date(2026, 11, 30), elm_tell_shown=20)
    count(home, date(2026, 12, 1), elm_tell_shown=100)
    assert printed(home)["elm", "tell"]["shown"] == "30"
    assert printed(home, "--to", "2026-11-29")["elm", "tell"]["shown"] == "10"


def test_a_table_of_one_team_hides_what_the_table_of_all_hides(home):
    count(home, DAY, elm_tell_shown=3, oak_tell_shown=9, none_tell_shown=50)
    everything = printed(home)
    shown = {team: row["shown"] for (team, _), row in everything.items()}
    assert shown == {"elm": "<5", "oak": "<5", "(no team)": "50", "(all)": "60"}
    assert printed(home, "--team", "oak") == {("oak", "tell"): everything["oak", "tell"]}


def test_questions_stand_in_the_order_in_which_they_are_asked(home):
    count(home, DAY, elm_kept_shown=5, elm_tell_shown=5, elm_renamed_shown=5, elm_place_shown=5)
    assert [question for team, question in printed(home) if team == "elm"] == [
        "tell",
        "place",
        "kept",
        "renamed",
    ]


def test_without_days_it_is_the_last_28(home):
    today = datetime.now(UTC).date()
    count(home, today - timedelta(days=26), elm_tell_shown=10)
    count(home, today - timedelta(days=30), elm_tell_shown=90)
    ended = home.heard("stats")
    assert ended.stdout.splitlines()[0].split() == [
        "team", "question", "shown", "answered", "skipped", "stopped",
    ]  # fmt: skip
    assert ended.stdout.splitlines()[1].split() == ["elm", "tell", "10", "<5", "<5", "<5"]
    assert "rounded to the nearest 5" in ended.stderr


@pytest.mark.parametrize(
    ("typed_wrong", "status", "said"),
    [
        (["--team", "ash"], 1, "There is no team 'ash'"),
        (["--from", "2026-11-20", "--to", "2026-11-01"], 1, "begins on 2026-11-20, after it ends"),
        (["--from", "yesterday"], 2, "does not match the format"),
    ],
)
def test_what_cannot_be_counted_is_said(home, typed_wrong, status, said):
    ended = home.heard("stats", *typed_wrong)
    assert ended.returncode == status
    assert said in ended.stderr


def test_nothing_counted_is_said(home):
    ended = home.heard("stats")
    assert (ended.returncode, ended.stdout) == (0, "")
    assert "Nothing was counted" in ended.stderr


async def test_numbers_come_from_a_heard_that_runs(home):
    today = datetime.now(UTC).date()
    await asyncio.to_thread(count, home, today, elm_tell_shown=10)
    async with answering(home):
        status, out, err = await typed(home, "stats", "--csv")
    assert status == 0, err
    assert "elm,tell,10,<5,<5,<5" in out
