"""What the talk needs besides words: files, messages that can be cleared, links, counts, requests."""

from __future__ import annotations

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is new; nothing that exists is changed."""
