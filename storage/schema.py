"""The tables of both engines, in one place, so that every query and every migration means the same.

Bytes that open nothing without a key are `LargeBinary`. In the clear are only ids, kinds, team,
state, times, and that a person said they are in danger (`concerns.in_danger`).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.columns import NAMES, BigNumber, UtcTime

HEAD = "0002"  # the newest revision in storage/migrations/versions; a test compares them

metadata = MetaData(naming_convention=NAMES)

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("name_tag", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("private_locked", LargeBinary, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("chat_tag", LargeBinary, unique=True),
    Column("chat_sealed", LargeBinary),
    Column("link_tag", LargeBinary, unique=True),
    Column("link_expires", UtcTime),
    Column("created_at", UtcTime, nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
    Column("team", Text, primary_key=True),
    Column("role", Text, primary_key=True),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("chat_tag", LargeBinary, nullable=False, unique=True),
    Column("chat_sealed", LargeBinary, nullable=False),
    Column("key_locked", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("talk", LargeBinary, nullable=False),
    Column("own", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("unreachable", Boolean, nullable=False),
    Column("due_at", UtcTime, index=True),
    Column("due_kind", Text),
    Column("updated_at", UtcTime, nullable=False),
    Column("began_at", UtcTime),  # unknown for those from before revision 0002
)

# No foreign key: a message whose conversation was forgotten while it was on its way must not keep
# the sender from noting all others. What is left over goes with its 48 hours.
chat_messages = Table(
    "chat_messages",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False, index=True),
)

draft_parts = Table(
    "draft_parts",
    metadata,
    Column(
        "conversation_id",
        Text,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", UtcTime, nullable=False),
)

seen_updates = Table(
    "seen_updates",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False, index=True),
)

concerns = Table(
    "concerns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("team", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("owner_id", Text, ForeignKey("staff.id")),
    Column("sent_at", UtcTime, nullable=False),
    Column("state_since", UtcTime, nullable=False),
    Column("due_at", UtcTime, index=True),
    Column("due_kind", Text),
    Column("missed", Integer, nullable=False),
    Column("promised_on", Text),
    Column("six_months_told", Boolean, nullable=False),
    Column("opened_at", UtcTime),
    Column("public_key", LargeBinary, nullable=False),
    Column("return_sealed", LargeBinary, nullable=False),
    Column("undelivered", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False, server_default="concern"),
    # Said by the person themselves; in the clear, so that a list can show it before it is opened.
    Column("in_danger", Boolean, nullable=False, server_default=false()),
    Column("forgotten", Boolean, nullable=False, server_default=false()),  # nobody to tell
)

# Copies of their words that people asked for, which only staff can make; one row a concern.
data_requests = Table(
    "data_requests",
    metadata,
    Column("concern_id", Text, ForeignKey("concerns.id", ondelete="CASCADE"), primary_key=True),
    Column("asked_at", UtcTime, nullable=False),
    Column("due_on", Text, nullable=False, index=True),
    Column("told", Integer, nullable=False),
    Column("answered_at", UtcTime),
    sqlite_with_rowid=False,  # such numbers show what came together
)

parts = Table(
    "parts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("concern_id", Text, ForeignKey("concerns.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("author_id", Text),
    Column("at", UtcTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("concern_id", "seq"),
)

# Whose draft a file is in says a tag that only the delivery key makes; a sent one has its concern.
files = Table(
    "files",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("about", LargeBinary),
    Column("owner_tag", LargeBinary, index=True),
    Column("concern_id", Text, ForeignKey("concerns.id", ondelete="CASCADE"), index=True),
    Column("created_at", UtcTime, nullable=False),
)

file_chunks = Table(
    "file_chunks",
    metadata,
    Column("file_id", Text, ForeignKey("files.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

file_jobs = Table(
    "file_jobs",
    metadata,
    Column("id", Text, ForeignKey("files.id", ondelete="CASCADE"), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False, index=True),
    Column("claimed_until", UtcTime),
)

exclusions = Table(
    "exclusions",
    metadata,
    Column("concern_id", Text, ForeignKey("concerns.id", ondelete="CASCADE"), primary_key=True),
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
)

# A trigger on each engine (see the first migration) refuses a wrap for anyone in `exclusions`.
wraps = Table(
    "wraps",
    metadata,
    Column("concern_id", Text, ForeignKey("concerns.id", ondelete="CASCADE"), primary_key=True),
    Column("reader_id", Text, primary_key=True, index=True),
    Column("body", LargeBinary, nullable=False),
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

digests = Table(
    "digests",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
    Column("local_date", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
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

audit = Table(
    "audit",
    metadata,
    Column("id", BigNumber, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    Column("staff_id", Text),
    Column("action", Text, nullable=False),
    Column("concern_id", Text, index=True),
    sqlite_autoincrement=True,
)

answer_drafts = Table(
    "answer_drafts",
    metadata,
    Column("concern_id", Text, ForeignKey("concerns.id", ondelete="CASCADE"), primary_key=True),
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
)

links = Table(
    "links",
    metadata,
    Column("code", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
)

counts = Table(
    "counts",
    metadata,
    Column("day", Text, primary_key=True),
    Column("team", Text, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("n", Integer, nullable=False),
)
