"""What is kept of chats: sealed memories, drafts, files on their way, links and counts."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    false,
)

from storage.columns import UtcTime
from storage.schema.base import metadata

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
    # They asked to be told what changed.
    Column("wants_changes", Boolean, nullable=False, server_default=false()),
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
