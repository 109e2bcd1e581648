"""Concerns and what hangs on them: in the clear only team, state and times."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.columns import UtcTime
from storage.schema.base import metadata

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
    Column("taken_at", UtcTime),  # when the owner said "I'll take it"
    Column("owner_opened_at", UtcTime),  # when the owner read it, after taking it
    Column("unowned", Integer, nullable=False, server_default="0"),  # digests it stood in, unowned
    Column("asked_at", UtcTime),  # a question to the person waits for their reply
    Column("acknowledged_at", UtcTime),
    Column("answered_at", UtcTime),  # the first words of staff: an answer or an outcome
    Column("result", Text),  # of the newest outcome
    Column("answered_me", Boolean),  # what the person said of the newest outcome
    Column("reopened", Integer, nullable=False, server_default="0"),
    Column("merged_into", Text),  # the concern that this one goes on in
    Index("ix_concerns_team_sent_at_id", "team", "sent_at", "id"),
    Index("ix_concerns_owner_id", "owner_id"),
    Index("ix_concerns_state_due_at", "state", "due_at"),  # the lists of what is open
    Index("ix_concerns_state_since_reference", "state_since", "reference"),  # of what is closed
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
    Column("reader_id", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Index("ix_wraps_reader_id_concern_id", "reader_id", "concern_id"),  # counted without the bodies
)

answer_drafts = Table(
    "answer_drafts",
    metadata,
    Column("concern_id", Text, ForeignKey("concerns.id", ondelete="CASCADE"), primary_key=True),
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
)

# Which concerns staff hold to be related (either way round); and of which they asked whether they
# are one matter, if they are one person's: `a_id` is the older. For `kind` see concern_links.
concern_links = Table(
    "concern_links",
    metadata,
    Column("a_id", Text, ForeignKey("concerns.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "b_id", Text, ForeignKey("concerns.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
    Column("kind", Text, primary_key=True),
    Column("by_id", Text),
    Column("at", UtcTime, nullable=False),
)

# Somebody is in danger, as the person said: who is told next, and when. One row a concern.
alerts = Table(
    "alerts",
    metadata,
    Column("concern_id", Text, ForeignKey("concerns.id", ondelete="CASCADE"), primary_key=True),
    Column("began_at", UtcTime, nullable=False),
    Column("step", Integer, nullable=False),
    Column("next_at", UtcTime, index=True),
    Column("seen_by", Text),
    Column("seen_at", UtcTime),
)
