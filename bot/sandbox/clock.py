"""What time it is in the sandbox: the real time, or a business clock that whoever shows the demo
can move.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, Protocol

Step = Literal["hour", "day", "next"]


class ClockControls(Protocol):
    """The clock that the page's buttons move."""

    def now(self) -> datetime:
        """The business time, with a time zone."""
        ...

    async def advance(self, step: Step) -> str:
        """Move on and say in one sentence what time it is now, or what the next event was."""
        ...


def real_now() -> datetime:
    """The time on the wall, for a sandbox without a movable clock."""
    return datetime.now(UTC)
