"""What is kept of staff: sealed names, locked keys, roles, invitations, second factors."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, LargeBinary, Table, Text

from storage.columns import UtcTime
from storage.schema.base import metadata

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
    Column("email_sealed", LargeBinary),
)

memberships = Table(
    "memberships",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
    Column("team", Text, primary_key=True),
    Column("role", Text, primary_key=True),
)

# The way in for somebody who has no passphrase yet, or lost it: known by a tag of its token alone.
invites = Table(
    "invites",
    metadata,
    Column("tag", LargeBinary, primary_key=True),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False, index=True),
    Column("made_by", Text),  # None: made on the server's command line
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)

# Sealed to the member's own public half: only their passphrase leads to it.
second_factors = Table(
    "second_factors",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
)
