"""Which question people answer, skip or leave: numbers, never people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from bot.admin.links import known_team
from bot.admin.model import Ask, Hands, Refused, Say
from bot.admin.suppressed import HIDDEN, safe
from bot.dialogue.counted import What
from bot.dialogue.script import ASKS
from storage import counts
from storage.counts import Sum

USUAL_DAYS: Final = 28
NO_TEAM: Final = "(no team)"
ALL: Final = "(all)"
COLUMNS: Final = ("team", "question", *(what.value for what in What))

Row = tuple[str, ...]


async def stats(hands: Hands, ask: Ask, say: Say) -> None:
    """One line for each team and question. ask: first, last (ISO days), team, csv."""
    first, last = _period(hands, ask)
    team = known_team(hands.settings, ask["team"]).id if ask["team"] else None
    async with hands.store.read() as conn:
        found = await counts.sums(conn, first, last)
    rows = [row for row in _table(found, hands) if team in {None, row[0]}]
    if not rows:
        await say.progress(f"Nothing was counted from {first} to {last}.")
        return
    for line in _as_csv(rows) if ask["csv"] else _aligned(rows):
        await say.line(line)
    await say.progress(
        f"From {first} to {last}. {HIDDEN}: fewer than 5, or hidden to protect another number. "
        "Others are rounded to the nearest 5. A question that is shown again is counted again."
    )


def _period(hands: Hands, ask: Ask) -> tuple[date, date]:
    today = hands.clock.now().astimezone(hands.settings.timezone).date()
    last = date.fromisoformat(ask["last"]) if ask["last"] else today
    first = date.fromisoformat(ask["first"]) if ask["first"] else None
    first = first or last - timedelta(days=USUAL_DAYS - 1)
    if first > last:
        raise Refused(f"The period begins on {first}, after it ends on {last}.")
    return first, last


def _table(found: Sequence[Sum], hands: Hands) -> list[Row]:
    """Every team's rows are worked out together, so that a table of one team hides what the table
    of all hides."""
    numbers = {(one.team, one.question, one.what): one.n for one in found}
    teams = {team.id: None for team in hands.settings.teams} | {one.team: None for one in found}
    asked = {one.question for one in found}
    questions = [*(one for one in ASKS if one in asked), *sorted(asked - ASKS.keys())]
    rows = []
    for question in questions:
        cells: Mapping[str, tuple[dict[str, str], str]] = {
            what: safe({team: numbers.get((team, question, what), 0) for team in teams})
            for what in What
        }
        for team in teams:
            if any(numbers.get((team, question, what)) for what in What):
                shown = (cells[what][0][team] for what in What)
                rows.append((team or NO_TEAM, question, *shown))
        rows.append((ALL, question, *(cells[what][1] for what in What)))
    return rows


def _aligned(rows: Sequence[Row]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(COLUMNS, *rows, strict=True)]
    for row in (COLUMNS, *rows):
        words = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
        figures = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
        yield "  ".join((*words, *figures))


def _as_csv(rows: Sequence[Row]) -> Iterable[str]:
    for row in (COLUMNS, *rows):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(row)
        yield line.getvalue()
