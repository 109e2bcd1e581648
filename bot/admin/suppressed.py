"""Small numbers made safe to print and to pass on.

Three rules, after NHS England's disclosure control for hospital statistics (digital.nhs.uk, "Change
to disclosure control methodology for HES and ECDS from September 2018") and the ONS review it rests
on (2006, "Review of the Dissemination of Health Statistics: Confidentiality Guidance"):

1. A number under 5 is not printed, a nought neither: it could be one person, known to the reader.
2. Where one team's number can be had by taking the others from the total, or where those that are
   hidden come to less than 5 together, the smallest other is hidden as well.
3. What is printed is rounded to the nearest 5, totals by themselves, so that two prints whose days
   overlap, taken from each other, leave a small number open by 4 either way.

It makes safe what is printed. Whoever can open the database can count in it for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LEAST: Final = 5
HIDDEN: Final = f"<{LEAST}"


def safe(parts: Mapping[str, int]) -> tuple[dict[str, str], str]:
    """What may be printed of the parts of one total, by name, and of the total."""
    hidden = {name for name, n in parts.items() if n < LEAST}
    for name in sorted(parts.keys() - hidden, key=lambda one: (parts[one], one)):
        if not _can_be_had([parts[one] for one in hidden if parts[one]]):  # noughts hide nobody
            break
        hidden.add(name)
    total = sum(parts.values())
    shown = {name: HIDDEN if name in hidden else _rounded(n) for name, n in parts.items()}
    return shown, HIDDEN if total < LEAST else _rounded(total)


def _can_be_had(hidden: list[int]) -> bool:
    """Whether the total less all that is printed would tell what was hidden."""
    return bool(hidden) and (len(hidden) == 1 or sum(hidden) < LEAST)


def _rounded(n: int) -> str:
    return str((2 * n + LEAST) // (2 * LEAST) * LEAST)
