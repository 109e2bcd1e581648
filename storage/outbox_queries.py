"""Who may be sent to next: the two queries that must stay fast with 100,000 rows waiting.

Both walk an index and look at one line at a time; neither sorts or groups the whole table.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Update,
    and_,
    case,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.selectable import FromClause

from storage.outbox_rows import CONVERSATION, MEMBER, MessageState
from storage.schema import concerns, conversations, outbox, staff


def claimable(now: datetime, limit: int, skip: frozenset[str]) -> Select[tuple[object, ...]]:
    """The messages that may go now, first come first, with the sealed chat id of each."""
    first = _next_lines(now, limit, skip)
    return (
        select(
            outbox,
            conversations.c.chat_sealed.label("conversation_chat"),
            conversations.c.version.label("conversation_version"),
            conversations.c.due_kind.label("conversation_kind"),
            staff.c.chat_sealed.label("staff_chat"),
        )
        .select_from(first)
        .join(outbox, outbox.c.id == first.c.head_id)
        .outerjoin(conversations, _is_of(outbox, CONVERSATION, conversations.c.id))
        .outerjoin(staff, _is_of(outbox, MEMBER, staff.c.id))
        # Once more for PostgreSQL, which looks again at a row that was changed meanwhile.
        .where(outbox.c.state == MessageState.QUEUED, _free(outbox, now))
        .order_by(first.c.place_lane, first.c.place_id)
        .with_for_update(of=outbox, skip_locked=True)
    )


def mark_claimed(ids: Sequence[int], until: datetime) -> Update:
    """Give these messages out until a moment."""
    return update(outbox).where(outbox.c.id.in_(ids)).values(claimed_until=until)


def mark_undelivered(concern_ids: Sequence[str]) -> Update:
    """A text about each of these never reached its person; a turn that loaded one is redone."""
    return (
        update(concerns)
        .where(concerns.c.id.in_(concern_ids))
        .values(undelivered=True, version=concerns.c.version + 1)
    )


def soonest(by: datetime | None) -> Select[tuple[object]]:
    """When the first line that can be reached may go on; what is only for after `by` is not looked
    at, which costs a hundredth while thousands wait for the morning.
    """
    row, older = outbox.alias("waiting"), outbox.alias("older")
    given_out = and_(row.c.claimed_until.is_not(None), row.c.claimed_until > row.c.due_at)
    goes_before = (
        select(older.c.id)
        .where(
            older.c.recipient == row.c.recipient,
            older.c.state == MessageState.QUEUED,
            older.c.id < row.c.id,
            or_(_begun(older), older.c.due_at <= row.c.due_at),
        )
        .limit(1)
        .correlate(row)
        .scalar_subquery()
    )
    found = select(func.min(case((given_out, row.c.claimed_until), else_=row.c.due_at))).where(
        row.c.state == MessageState.QUEUED, goes_before.is_(None), _reachable(row)
    )
    return found if by is None else found.where(row.c.due_at <= by)


def _next_lines(now: datetime, limit: int, skip: frozenset[str]) -> Subquery:
    """Walks what waits by (lane, id). A row counts when it is the first due one of its line; then
    the oldest of that line goes, if it is free. What is only for later is no part of a line yet.
    """
    row = outbox.alias("waiting")
    oldest = _oldest_if_free(row, now)
    lines = (
        select(
            row.c.lane.label("place_lane"),
            row.c.id.label("place_id"),
            oldest.label("head_id"),
        )
        .where(
            row.c.state == MessageState.QUEUED,
            row.c.due_at <= now,
            _free(row, now),
            _reachable(row),
            row.c.id == _first_due(row, now),
            oldest.is_not(None),
        )
        .order_by(row.c.lane, row.c.id)
        .limit(limit)
    )
    if skip:
        lines = lines.where(row.c.recipient.not_in(sorted(skip)))
    return lines.subquery("first")


def _free(row: FromClause, now: datetime) -> ColumnElement[bool]:
    return or_(row.c.claimed_until.is_(None), row.c.claimed_until <= now)


def _begun(row: FromClause) -> ColumnElement[bool]:
    """Whether it was given out or tried: then it holds its line, whatever its due time is now."""
    return or_(row.c.attempts > 0, row.c.claimed_until.is_not(None))


def _first_due(row: FromClause, now: datetime) -> ColumnElement[int]:
    other = outbox.alias("due")
    return (
        select(other.c.id)
        .where(
            other.c.recipient == row.c.recipient,
            other.c.state == MessageState.QUEUED,
            other.c.due_at <= now,
        )
        .order_by(other.c.lane, other.c.id)
        .limit(1)
        .correlate(row)
        .scalar_subquery()
    )


def _oldest_if_free(row: FromClause, now: datetime) -> ColumnElement[int]:
    oldest = outbox.alias("oldest")
    ready = and_(oldest.c.due_at <= now, _free(oldest, now))
    return (
        select(case((ready, oldest.c.id)))
        .where(
            oldest.c.recipient == row.c.recipient,
            oldest.c.state == MessageState.QUEUED,
            or_(oldest.c.due_at <= now, _begun(oldest)),
        )
        .order_by(oldest.c.id)
        .limit(1)
        .correlate(row)
        .scalar_subquery()
    )


def _reachable(row: FromClause) -> ColumnElement[bool]:
    # Scalar look-ups and not EXISTS, for which PostgreSQL would read all conversations first.
    person = (
        select(~conversations.c.unreachable)
        .where(_is_of(row, CONVERSATION, conversations.c.id))
        .correlate(row)
        .scalar_subquery()
    )
    member = (
        select(and_(staff.c.active, staff.c.chat_sealed.is_not(None)))
        .where(_is_of(row, MEMBER, staff.c.id))
        .correlate(row)
        .scalar_subquery()
    )
    return func.coalesce(person, member, false())


def _is_of(row: FromClause, kind: str, owner: ColumnElement[str]) -> ColumnElement[bool]:
    mark = len(kind)
    return and_(
        func.substr(row.c.recipient, 1, mark) == kind,
        owner == func.substr(row.c.recipient, mark + 1),
    )
