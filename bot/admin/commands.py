"""The fixed set of commands that a running Heard takes over its socket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.admin import (
    auditing,
    examine,
    exporting,
    keeping,
    keys,
    leaving,
    links,
    published,
    staff,
    stats,
)
from bot.admin.model import Operation

OPERATIONS: Final[Mapping[str, Operation]] = {
    "staff-add": staff.add,
    "staff-invite": staff.invite,
    "staff-list": staff.listing,
    "staff-link": staff.link,
    "staff-leave": leaving.leave,
    "link-new": links.new,
    "link-list": links.listing,
    "link-revoke": links.revoke,
    "poster-link": links.for_poster,
    "published": published.newest,
    "stats": stats.stats,
    "backup": keeping.back_up,
    "recover": keeping.recover,
    "set-aside": keeping.set_aside,
    "audit-verify": auditing.verify,
    "audit-prove": auditing.prove,
    "export": exporting.export,
    "keys-list": keys.listing,
    "keys-rotate": keys.rotate,
    "keys-recovery-state": keys.recovery_state,
    "keys-rotate-recovery": keys.rotate_recovery,
    "doctor": examine.doctor,
    "alarms-seen": examine.seen,
    "alive": examine.alive,
}
