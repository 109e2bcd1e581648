"""From what was counted to the tables of the page: teams by name, small numbers hidden, no ranking.

Counts are made safe and rounded as everywhere (bot/admin/suppressed.py); shares go to the nearest
5%, and none shows when it, or its rest, is of fewer than 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.admin.suppressed import safe
from bot.casework.measures import Durations, share, spread
from bot.casework.promises import Clocks
from bot.console.overview.asked import name_of
from bot.desk.measuring import Measured
from bot.dialogue.counted import What
from bot.dialogue.script import ASKS
from storage.counts import Sum
from storage.measures import Kept, Tally

ALL: Final = "All of these"
_NO_TALLY: Final = Tally("", *([0] * 10))


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """`means` is a plain sentence or two on what the figures are."""

    id: str
    title: str
    means: str
    first: str  # what the rows are
    columns: Sequence[str]
    rows: Sequence[Row]


def tables(found: Measured, name: Callable[[str], str], clocks: Clocks) -> list[Table]:
    """All of the page. Teams come in the order of their names, whatever their figures are."""
    teams = {team: name(team) for team in sorted(found.teams, key=lambda one: (name(one), one))}
    days = "working days" if clocks.answer_in_working_days else "days"
    return [
        _heard(found, teams),
        _long(found, teams, "acknowledged", "Days to acknowledge", _ACKNOWLEDGE),
        _long(found, teams, "answered", "Days to a first answer", _ANSWER.format(days=days)),
        _promised(found, teams),
        _results(found, teams),
        _opinions(found, teams),
        _troubles(found, teams),
        _whose(found, teams),
        _stopped(found.asked),
    ]


_HEARD: Final = (
    "Concerns sent in this time, and how many of them have an outcome: something changed, will "
    "change, or did not change and why."
)
_ACKNOWLEDGE: Final = (
    "Working days from sending until staff acknowledged or answered. Half were acknowledged within "
    "the first number, nine in ten within the second. Those that still wait are not in it."
)
_ANSWER: Final = (
    "In {days}, from sending until the first words of staff. Half had them within the first "
    "number, nine in ten within the second. Those that still wait are not in it."
)
_PROMISED: Final = (
    "What people were told by a date. Kept: they heard by then from staff. Broken: the date passed "
    "and they were told so. Some promises of this time are still to come."
)
_RESULTS: Final = "Of the newest outcome of each concern that has one."
_OPINIONS: Final = (
    "After an outcome, people are asked whether it answered them. Most who say nothing are not in "
    "these figures, and silence is not a yes."
)
_TROUBLES: Final = (
    "Opened again: the outcome did not help, or something was added after the end. Cannot be "
    "reached: something for the person could not be delivered, and waits."
)
_WHOSE: Final = "Whether people spoke for themselves, or of somebody they care for."
_STOPPED: Final = (
    "How often each question of the talk was shown, and the share of times at which people "
    "stopped. It counts everybody who wrote to your teams, by day and team, and nobody's concern."
)


def _heard(found: Measured, teams: Mapping[str, str]) -> Table:
    def cells(one: Tally) -> list[str]:
        return [share(one.outcomes, one.sent)]

    return _by_team(
        Table("heard", "Heard back", _HEARD, "Team", ("Sent", "Got an outcome"), ()),
        found,
        teams,
        ("sent",),
        cells,
    )


def _results(found: Measured, teams: Mapping[str, str]) -> Table:
    def cells(one: Tally) -> list[str]:
        results = (one.changed, one.will_change, one.not_changed)
        return [share(number, one.outcomes) for number in results]

    columns = ("Changed", "Will change", "Not changed")
    head = Table("results", "What came of them", _RESULTS, "Team", columns, ())
    return _by_team(head, found, teams, (), cells)


def _opinions(found: Measured, teams: Mapping[str, str]) -> Table:
    head = Table(
        "opinions", "That answered me", _OPINIONS, "Team", ("Replied to that", "Said yes"), ()
    )
    return _by_team(head, found, teams, ("said",), lambda one: [share(one.answered_me, one.said)])


def _troubles(found: Measured, teams: Mapping[str, str]) -> Table:
    columns = ("Opened again", "Cannot be reached")
    head = Table("troubles", "Opened again, or out of reach", _TROUBLES, "Team", columns, ())
    return _by_team(head, found, teams, ("reopened", "unreachable"), lambda _: [])


def _whose(found: Measured, teams: Mapping[str, str]) -> Table:
    def cells(one: Tally) -> list[str]:
        return [share(one.sent - one.carers, one.sent), share(one.carers, one.sent)]

    columns = ("For themselves", "For somebody else")
    return _by_team(
        Table("whose", "Who spoke", _WHOSE, "Team", columns, ()), found, teams, (), cells
    )


def _by_team(
    head: Table,
    found: Measured,
    teams: Mapping[str, str],
    counted: Sequence[str],
    cells: Callable[[Tally], list[str]],
) -> Table:
    """Counts first, then what `cells` makes of a team."""
    tallies = {team: found.tallies.get(team, _NO_TALLY) for team in teams}
    safes = [safe({team: getattr(one, what) for team, one in tallies.items()}) for what in counted]
    rows = [
        Row(teams[team], [*(parts[team] for parts, _ in safes), *cells(one)])
        for team, one in tallies.items()
    ]
    whole = [*(total for _, total in safes), *cells(_sum(tallies.values()))]
    return _with_rows(head, [*rows, Row(ALL, whole)])


def _long(found: Measured, teams: Mapping[str, str], what: str, title: str, means: str) -> Table:
    whole, rows = Durations(), []
    for team, shown in teams.items():
        one = found.durations.get(team, Durations())
        whole.add(one)
        rows.append(Row(shown, spread(getattr(one, what))))
    rows.append(Row(ALL, spread(getattr(whole, what))))
    return Table(what, title, means, "Team", ("Half within", "Nine in ten within"), rows)


def _promised(found: Measured, teams: Mapping[str, str]) -> Table:
    kept = {team: found.kept.get(team, Kept(team)) for team in teams}
    safes = [
        safe({team: getattr(one, what) for team, one in kept.items()})
        for what in ("kept", "broken")
    ]
    rows = [
        Row(
            teams[team],
            [*(parts[team] for parts, _ in safes), share(one.kept, one.kept + one.broken)],
        )
        for team, one in kept.items()
    ]
    good = sum(one.kept for one in kept.values())
    all_of_them = good + sum(one.broken for one in kept.values())
    rows.append(Row(ALL, [*(total for _, total in safes), share(good, all_of_them)]))
    columns = ("Kept", "Broken", "Share kept")
    return Table("promises", "Promises", _PROMISED, "Team", columns, rows)


def _stopped(asked: Sequence[Sum]) -> Table:
    numbers: dict[tuple[str, str], int] = {}
    for one in asked:
        key = one.question, one.what
        numbers[key] = numbers.get(key, 0) + one.n
    known = {question for question, _ in numbers}
    rows = []
    for question in (*(one for one in ASKS if one in known), *sorted(known - ASKS.keys())):
        shown = numbers.get((question, What.SHOWN), 0)
        stopped = numbers.get((question, What.STOPPED), 0)
        rows.append(Row(name_of(question), [safe({"": shown})[1], share(stopped, shown)]))
    title = "Where people stop"
    return Table("stopped", title, _STOPPED, "Question", ("Shown", "Stopped there"), rows)


def _sum(those: Iterable[Tally]) -> Tally:
    numbers = [(0,) * 10, *(_numbers(one) for one in those)]
    return Tally("", *(sum(column) for column in zip(*numbers, strict=True)))


def _numbers(one: Tally) -> tuple[int, ...]:
    return (
        one.sent,
        one.outcomes,
        one.changed,
        one.will_change,
        one.not_changed,
        one.said,
        one.answered_me,
        one.reopened,
        one.unreachable,
        one.carers,
    )


def _with_rows(head: Table, rows: Sequence[Row]) -> Table:
    return Table(head.id, head.title, head.means, head.first, head.columns, rows)
