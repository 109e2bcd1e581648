"""Every wording key that casework can ask for, with the placeholders that it fills.

The wording files are checked against this, so that no push can fail for want of a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.casework.model import Level, State

_REFERENCE = frozenset({"reference"})
_DATED = frozenset({"reference", "date"})
_MISSED = frozenset({"reference", "date", "promised"})
_WORDED = frozenset({"reference", "words"})

# Keys that also exist once for each of these levels, when `who` can say whom it means.
BY_LEVEL: Mapping[str, tuple[Level, ...]] = {
    "push.acknowledged": tuple(Level),
    "push.taken": tuple(Level),
    "push.taken-lapsed": tuple(Level),
    "push.higher": (Level.LEAD, Level.SENIOR, Level.INDEPENDENT),
    "push.reopened.same": tuple(Level),
    "push.reopened.up": (Level.LEAD, Level.SENIOR, Level.INDEPENDENT),
    "push.missed.up": (Level.LEAD, Level.SENIOR, Level.INDEPENDENT),
    "push.missed-change.up": (Level.LEAD, Level.SENIOR, Level.INDEPENDENT),
}

# Of these, those that name who did it; the others name whom it is with now.
BY_WHOM = frozenset({"push.acknowledged", "push.taken"})

_PUSH: Mapping[str, frozenset[str]] = {
    "push.notice": frozenset(),
    "push.notice-promised": frozenset(),
    "push.acknowledged": _DATED,
    "push.looking": _DATED,
    "push.taken": _DATED,
    "push.taken-lapsed": _DATED,
    "push.higher": _DATED,
    "push.answer": _DATED | {"words"},
    "push.question": _DATED | {"words"},
    "push.talk-offer": _REFERENCE,
    "push.merge-ask": _REFERENCE | {"into"},
    "push.closed.merged": _REFERENCE | {"into", "promised"},
    "push.passed": _DATED | {"team"},
    **{f"push.passed-to.{level.name.lower()}": _DATED for level in Level},
    "push.handed-on": _DATED,
    "push.outcome.changed": _WORDED,
    "push.outcome.will-change": _WORDED | {"promised"},
    "push.outcome.not-changed": _WORDED,
    "push.promised": _DATED,
    "push.remind": _DATED,
    "push.remind-promised": _DATED,
    "push.closed.answered": _REFERENCE,
    "push.closed.no-reply": _REFERENCE,
    "push.withdrawn": _REFERENCE,
    "push.reopened.same": _DATED,
    "push.reopened.up": _DATED,
    "push.sent-again": _DATED,
    "push.added-after": _DATED,
    "push.paused": _DATED | {"words"},
    "push.resumed": _DATED,
    "push.missed.up": _MISSED,
    "push.missed.again": _MISSED,
    "push.missed-change.up": _MISSED,
    "push.missed-change.again": _MISSED,
    "push.six-months": _DATED,
    "push.ways.england": _REFERENCE,
    "push.ways.scotland": _REFERENCE,
    "push.ways.wales": _REFERENCE,
    "push.ways.northern-ireland": _REFERENCE,
    # A complaint about data, which is not called a concern.
    "push.data.acknowledged": _DATED,
    "push.data.looking": _DATED,
    "push.data.taken": _DATED,
    "push.data.taken-lapsed": _DATED,
    "push.data.higher": _DATED,
    "push.data.answer": _DATED | {"words"},
    "push.data.outcome.changed": _WORDED,
    "push.data.outcome.will-change": _WORDED | {"promised"},
    "push.data.outcome.not-changed": _WORDED,
    "push.data.handed-on": _DATED,
    "push.data.paused": _DATED | {"words"},
    "push.data.resumed": _DATED,
    "push.data.missed": _MISSED,
    "push.data.missed-change": _MISSED,
    "push.data.ways": _REFERENCE,
    # A copy of their own words, which they asked for.
    "push.copy-late": _DATED,
}

_STAFF: Mapping[str, frozenset[str]] = {
    "staff.missed": _MISSED,
    "staff.missed-change": _MISSED,
    "staff.reopened": _DATED,
    "staff.added": _DATED,
    "staff.replied": _DATED,
    "staff.merged": _REFERENCE,
    "staff.passed": _DATED,
    "staff.passed-to-you": _DATED,
    "staff.stepped-back": _DATED,
    "staff.handed-on": _DATED,
    "staff.unowned": _DATED,
    "staff.unowned-still": _DATED,
    "staff.higher": _DATED,
    "staff.withdrawn": _REFERENCE,
    "staff.satisfied": _REFERENCE,
    "staff.resumed": _DATED,
    "staff.closed": _REFERENCE,
    "staff.six-months": _DATED,
    "staff.forgotten": _REFERENCE,
    "staff.forgotten-late": _REFERENCE,
    "staff.forgotten-closed": _REFERENCE,
    "staff.copy-soon": _DATED,
    "staff.copy-today": _DATED,
}

_ENTRY = frozenset({"reference", "state", "owner", "age"})
_DIGEST: Mapping[str, frozenset[str]] = {
    "digest.title": frozenset({"date", "time"}),
    "digest.counts.open": frozenset({"sent", "reopened", "acknowledged", "looking"}),
    "digest.counts.told": frozenset({"outcome", "promised", "paused"}),
    "digest.needs": frozenset({"urgent", "overdue", "today"}),
    "digest.new": frozenset({"count", "unowned"}),
    "digest.none": frozenset(),
    "digest.more": frozenset({"count"}),
    "digest.copies": frozenset({"count", "date"}),
    "digest.entry.urgent": _ENTRY | {"date"},
    "digest.entry.overdue": _ENTRY | {"date"},
    "digest.entry.today": _ENTRY,
    "digest.entry.again": _ENTRY | {"date"},
    "digest.entry.new": _ENTRY | {"date"},
    "digest.entry.open": _ENTRY | {"date"},
    "digest.entry.told": _ENTRY - {"owner"},
    "digest.owner.you": frozenset(),
    "digest.owner.other": frozenset(),
    "digest.owner.nobody": frozenset(),
    **{f"digest.state.{state}": frozenset() for state in State},
}

KEYS: Mapping[str, frozenset[str]] = {
    **_PUSH,
    **{
        f"{key}.{level.name.lower()}": _PUSH[key]
        for key, levels in BY_LEVEL.items()
        for level in levels
    },
    **_STAFF,
    **_DIGEST,
}

# Filled by whoever carries a decision out, from what staff wrote or the name of the team that they
# chose; all else comes with the tell.
FROM_STAFF = frozenset({"words", "team"})

_PROMISED = (
    "push.missed",
    "push.six-months",
    "push.resumed",
    "push.data.missed",
    "push.data.resumed",
    "push.copy-late",
)


def notice_for(key: str) -> str:
    """The neutral notice to show in front of these words."""
    return "push.notice-promised" if key.startswith(_PROMISED) else "push.notice"
