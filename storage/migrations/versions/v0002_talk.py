"""What the talk needs besides words: files, messages to clear, links, counts, requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is new; nothing that exists is changed."""
    _chat_messages()
    _links()
    _counts()
    _files()
    _data()


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def _data() -> None:
    op.add_column(
        "concerns", sa.Column("kind", sa.Text(), server_default="concern", nullable=False)
    )
    op.add_column("concerns", _flag("in_danger"))
    op.add_column("concerns", _flag("forgotten"))
    op.create_table(
        "data_requests",
        sa.Column("concern_id", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["concern_id"],
            ["concerns.id"],
            name="fk_data_requests_concern_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("concern_id", name="pk_data_requests"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_data_requests_due_on", "data_requests", ["due_on"])


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("code", name="pk_links"),
    )


def _counts() -> None:
    op.create_table(
        "counts",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "team", "question", "what", name="pk_counts"),
    )


def _chat_messages() -> None:
    op.add_column("conversations", sa.Column("began_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "chat_messages",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "message_id", name="pk_chat_messages"),
    )
    op.create_index("ix_chat_messages_at", "chat_messages", ["at"], unique=False)


def _files() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("owner_tag", sa.LargeBinary(), nullable=True),
        sa.Column("concern_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concerns.id"], name="fk_files_concern_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
    )
    op.create_index("ix_files_concern_id", "files", ["concern_id"])
    op.create_index("ix_files_owner_tag", "files", ["owner_tag"])
    op.create_table(
        "file_chunks",
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name="fk_file_chunks_file_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file_id", "n", name="pk_file_chunks"),
    )
    op.create_table(
        "file_jobs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["files.id"], name="fk_file_jobs_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_file_jobs"),
    )
    op.create_index("ix_file_jobs_due_at", "file_jobs", ["due_at"])
