"""The fixed set of commands that a running Heard takes over its socket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.admin import examine, exporting, keeping, links, staff, stats
from bot.admin.model import Operation

OPERATIONS: Final[Mapping[str, Operation]] = {
    "staff-add": staff.add,
    "staff-list": staff.listing,
    "staff-link": staff.link,
    "staff-leave": staff.leave,
    "link-new": links.new,
    "link-list": links.listing,
    "link-revoke": links.revoke,
    "poster-link": links.for_poster,
    "stats": stats.stats,
    "backup": keeping.back_up,
    "recover": keeping.recover,
    "set-aside": keeping.set_aside,
    "export": exporting.export,
    "doctor": examine.doctor,
    "alarms-seen": examine.seen,
    "alive": examine.alive,
}
