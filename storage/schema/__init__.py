"""The tables of both engines, in one place, so that every query and every migration means the same.

Bytes that open nothing without a key are `LargeBinary`. In the clear are only ids, kinds, team,
state, times, and that a person said they are in danger (`concerns.in_danger`).
"""

from storage.schema.base import HEAD, metadata
from storage.schema.concerns import (
    alerts,
    answer_drafts,
    concern_links,
    concerns,
    data_requests,
    exclusions,
    parts,
    wraps,
)
from storage.schema.files import file_chunks, file_jobs, files
from storage.schema.records import (
    alarms,
    audit,
    audit_heads,
    cluster_flags,
    digests,
    meta,
    outbox,
    published,
    quarantine,
)
from storage.schema.staff import invites, memberships, second_factors, staff
from storage.schema.talk import (
    chat_messages,
    conversations,
    counts,
    draft_parts,
    links,
    seen_updates,
)

__all__ = [
    "HEAD",
    "alarms",
    "alerts",
    "answer_drafts",
    "audit",
    "audit_heads",
    "chat_messages",
    "cluster_flags",
    "concern_links",
    "concerns",
    "conversations",
    "counts",
    "data_requests",
    "digests",
    "draft_parts",
    "exclusions",
    "file_chunks",
    "file_jobs",
    "files",
    "invites",
    "links",
    "memberships",
    "meta",
    "metadata",
    "outbox",
    "parts",
    "published",
    "quarantine",
    "second_factors",
    "seen_updates",
    "staff",
    "wraps",
]
