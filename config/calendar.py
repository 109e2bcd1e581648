"""Bank holidays by nation, so that promises are counted in working days."""

from __future__ import annotations

from datetime import date
from typing import Final

import holidays

from config.nations import subdivision_of

YEARS_BACK: Final = 1
YEARS_AHEAD: Final = 3  # longer than any date that a person is promised


def bank_holidays(nation: str, year: int) -> frozenset[date]:
    """The bank holidays of a nation from the year before `year` to three years after it.

    Special ones (a coronation, say) are known once the `holidays` package knows them; keep it up
    to date. Raises NationError for a nation that we do not know.
    """
    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    return frozenset(holidays.country_holidays("GB", subdiv=subdivision_of(nation), years=years))
