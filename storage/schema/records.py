"""What Heard notes of itself: deliveries, digests, alarms, the audit, published lines."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from storage.columns import BigNumber, UtcTime
from storage.schema.base import metadata

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigNumber, primary_key=True, autoincrement=True),
    Column("recipient", Text, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("replaceable", Boolean, nullable=False),
    Column("mark", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("about", LargeBinary),
    Column("state", Text, nullable=False),
    Column("why", Text),
    Column("held_id", Text, unique=True),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("claimed_until", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_outbox_lane", "state", "lane", "id", "recipient", "due_at", "claimed_until"),
    Index("ix_outbox_line", "recipient", "state", "id"),
    Index("ix_outbox_line_lane", "recipient", "state", "lane", "id", "due_at"),
    # A number that was used is never given again: a late "delivered" must not hit a new row.
    sqlite_autoincrement=True,
)

# `slot` is the local time of a handover, or says which other digest it is (weekly, by mail).
digests = Table(
    "digests",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
    Column("local_date", Text, primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
)

# Runs of concerns at one team that somebody was told of, so that nobody is told twice.
cluster_flags = Table(
    "cluster_flags",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
    Column("team", Text, primary_key=True),
    Column("until", UtcTime, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

alarms = Table(
    "alarms",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("seen", Boolean, nullable=False),
)

# Each line holds the hash of all before it. `detail` is made of our own words and row ids, never
# of anybody's.
audit = Table(
    "audit",
    metadata,
    Column("id", BigNumber, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    Column("staff_id", Text),
    Column("action", Text, nullable=False),
    Column("concern_id", Text),
    Column("detail", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("ix_audit_concern_id", "concern_id", "action"),
    Index("ix_audit_at", "at"),
    sqlite_autoincrement=True,
)

# Signed states of the audit: how many lines it had, the last hash, and who can vouch for it.
audit_heads = Table(
    "audit_heads",
    metadata,
    Column("lines", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("signer", Text, nullable=False),
)

# What staff chose to tell everybody: public words, in the clear.
published = Table(
    "published",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("did", Text, nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    Column("by_id", Text, nullable=False),
    Column("concern_id", Text),
    Column("withdrawn_at", UtcTime),
    # Those who asked to be told are told in slices: up to which conversation, and when all were.
    Column("told_up_to", Text),
    Column("told_at", UtcTime),
)
