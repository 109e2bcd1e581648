"""Files that people sent, in sealed pieces."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Text

from storage.columns import UtcTime
from storage.schema.base import metadata

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
