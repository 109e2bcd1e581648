"""What staff need: a chained audit, alerts, invitations, digests by handover, published lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.audit_chain import GENESIS, Line, link

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    """Add what is new; digests and the audit are made anew from what they hold."""
    _staff()
    _conversations()
    _concerns()
    _hanging_on_concerns()
    _digests()
    _audit()
    _records()


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _staff() -> None:
    op.add_column("staff", sa.Column("email_sealed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "invites",
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=True),
        _moment("made_at", nullable=False),
        _moment("expires_at", nullable=False),
        _moment("used_at"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_invites_staff_id"),
        sa.PrimaryKeyConstraint("tag", name="pk_invites"),
    )
    op.create_index("ix_invites_staff_id", "invites", ["staff_id"])
    op.create_table(
        "second_factors",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _moment("updated_at", nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_second_factors_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_second_factors"),
    )


def _conversations() -> None:
    op.add_column(
        "conversations",
        sa.Column("wants_changes", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def _concerns() -> None:
    for name in ("taken_at", "owner_opened_at", "asked_at", "acknowledged_at", "answered_at"):
        op.add_column("concerns", _moment(name))
    for name in ("unowned", "reopened"):
        op.add_column("concerns", _number(name))
    for name in ("result", "merged_into"):
        op.add_column("concerns", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("concerns", sa.Column("answered_me", sa.Boolean(), nullable=True))
    op.create_index("ix_concerns_team_sent_at_id", "concerns", ["team", "sent_at", "id"])
    op.create_index("ix_concerns_owner_id", "concerns", ["owner_id"])
    op.create_index("ix_concerns_state_due_at", "concerns", ["state", "due_at"])
    op.create_index("ix_concerns_state_since_reference", "concerns", ["state_since", "reference"])
    op.drop_index("ix_wraps_reader_id", "wraps")
    op.create_index("ix_wraps_reader_id_concern_id", "wraps", ["reader_id", "concern_id"])


def _hanging_on_concerns() -> None:
    op.create_table(
        "concern_links",
        sa.Column("a_id", sa.Text(), nullable=False),
        sa.Column("b_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=True),
        _moment("at", nullable=False),
        sa.ForeignKeyConstraint(
            ["a_id"], ["concerns.id"], name="fk_concern_links_a_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["b_id"], ["concerns.id"], name="fk_concern_links_b_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("a_id", "b_id", "kind", name="pk_concern_links"),
    )
    op.create_index("ix_concern_links_b_id", "concern_links", ["b_id"])
    op.create_table(
        "alerts",
        sa.Column("concern_id", sa.Text(), nullable=False),
        _moment("began_at", nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        _moment("next_at"),
        sa.Column("seen_by", sa.Text(), nullable=True),
        _moment("seen_at"),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concerns.id"], name="fk_alerts_concern_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("concern_id", name="pk_alerts"),
    )
    op.create_index("ix_alerts_next_at", "alerts", ["next_at"])


def _digests() -> None:
    op.rename_table("digests", "digests_before")
    _make_again("pk_digests", "digests_before")
    op.create_table(
        "digests",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("local_date", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        _moment("at", nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_digests_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", "local_date", "slot", name="pk_digests"),
    )
    # Those of before had one hour a day; nobody gets a second one on the day of the change.
    op.execute(
        "INSERT INTO digests (staff_id, local_date, slot, at) "
        "SELECT staff_id, local_date, '', at FROM digests_before"
    )
    op.drop_table("digests_before")


def _audit() -> None:
    bind = op.get_bind()
    rows = bind.execute(
        sa.text("SELECT at, staff_id, action, concern_id FROM audit ORDER BY id")
    ).all()
    op.drop_index("ix_audit_concern_id", "audit")
    op.drop_table("audit")
    audit = op.create_table(
        "audit",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        _moment("at", nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("concern_id", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_concern_id", "audit", ["concern_id", "action"])
    op.create_index("ix_audit_at", "audit", ["at"])
    if rows:
        bind.execute(sa.insert(audit), _chained(rows))


def _chained(rows: Sequence[sa.Row[Any]]) -> list[dict[str, Any]]:
    """The lines from before as the chain's first ones."""
    before, last, chained = GENESIS, 0, []
    for row in rows:
        last = max(last, row.at)
        at = _BEGAN + timedelta(microseconds=last)
        before = link(before, Line(at, row.staff_id, row.action, row.concern_id))
        chained.append({**row._mapping, "at": last, "detail": "", "hash": before})  # noqa: SLF001
    return chained


def _make_again(constraint: str, table: str) -> None:
    """PostgreSQL keeps the name of a renamed table's key, which the new table wants."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {constraint} TO {constraint}_before")
        op.execute(
            f"ALTER TABLE {table} RENAME CONSTRAINT fk_digests_staff_id TO fk_digests_before"
        )


def _records() -> None:
    op.create_table(
        "cluster_flags",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        _moment("until", nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_cluster_flags_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", "team", name="pk_cluster_flags"),
    )
    op.create_table(
        "audit_heads",
        sa.Column("lines", sa.BigInteger(), autoincrement=False, nullable=False),
        _moment("at", nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lines", name="pk_audit_heads"),
    )
    op.create_table(
        "published",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        _moment("at", nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("concern_id", sa.Text(), nullable=True),
        _moment("withdrawn_at"),
        sa.Column("told_up_to", sa.Text(), nullable=True),
        _moment("told_at"),
        sa.PrimaryKeyConstraint("id", name="pk_published"),
    )
    op.create_index("ix_published_at", "published", ["at"])
