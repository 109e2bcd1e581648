"""Signed heads of the audit: how many lines it has and the hash of all of them, vouched for.

A head pins every line before it. It is signed with a key that is in no database, noted beside that
key, and printed in weekly digests, which nobody can take back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, insert, select

from storage import audit_key, meta
from storage.audit_key import PUBLIC_BYTES, AuditKey, fingerprint, in_fours, in_groups
from storage.audit_walk import Fault, Walk, walked
from storage.blobs import context
from storage.columns import EPOCH, MICROSECOND
from storage.connection import Conn
from storage.durable_files import write_over
from storage.engine import Store
from storage.schema import audit, audit_heads
from storage.secrets import AUDIT_HEAD, Secrets

AUDIT_PUBLICS: Final = "audit_publics"  # every public half that ever signed, the newest last
_LINE: Final = re.compile(
    r"\bhead\s+([0-9A-Z](?:[0-9A-Z-]|\s)*?)\s*[,;.]?\s*signature",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Head:
    """What is vouched for. `signer` is the fingerprint of the public half."""

    lines: int
    at: datetime
    hash: bytes
    signature: bytes
    signer: str

    @property
    def said(self) -> bytes:
        """What the signature is of."""
        at = str((self.at - EPOCH) // MICROSECOND)
        return context("audit-head", "1", str(self.lines), at, self.hash)


class Broken(Exception):
    """The audit is not as it was: nothing is signed. A person must look (`heard audit verify`)."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a digest said of a head."""

    groups: str  # of its hash


async def newest(conn: Conn) -> Head | None:
    """The newest signed head; None before the first."""
    found = await conn.execute(select(audit_heads).order_by(audit_heads.c.lines.desc()).limit(1))
    row = found.first()
    return None if row is None else as_head(row)


async def every(conn: Conn) -> list[Head]:
    """All signed heads in the order of their lines."""
    rows = await conn.execute(select(audit_heads).order_by(audit_heads.c.lines))
    return [as_head(row) for row in rows]


async def publics(conn: Conn) -> Mapping[str, bytes]:
    """Every public half that ever signed, by fingerprint."""
    stored = await meta.get(conn, AUDIT_PUBLICS) or b""
    steps = range(0, len(stored), PUBLIC_BYTES)
    return {fingerprint(one): one for one in (stored[at : at + PUBLIC_BYTES] for at in steps)}


def head_line(head: Head) -> str:
    """A head as a weekly digest prints it; `heard audit verify --head` reads it again.

    Not how many lines there are: whoever is kept out of a concern would see them grow.
    """
    signature = in_groups(head.signature[:10])
    return f"Audit: head {in_groups(head.hash)}, signature {signature}, key {head.signer}"


def read_line(text: str) -> Printed | None:
    """What `head_line` wrote, however its lines were broken; None for anything else."""
    found = _LINE.search(text)
    if found is None:
        return None
    return Printed(in_fours("".join(c for c in found[1].upper() if c.isalnum())))


async def sign(store: Store, secrets: Secrets, now: datetime) -> Head | None:
    """Vouch for the lines that were added since the newest head; None when there are none.

    Only for what follows unbroken from that head: raises Broken for anything else.
    """
    key = audit_key.load(secrets.folder)
    async with store.read() as conn:
        before = await newest(conn)
        await _trust(conn, before, secrets.folder)
        walk = Walk() if before is None else Walk(before.lines, before.hash)
        async for found in walked(conn, walk):
            if isinstance(found, Fault):
                raise Broken(found.text)
            walk = found
    if walk.line == (before.lines if before is not None else 0):
        if before is not None:
            _note(secrets.folder, before)
        return None
    key = key or audit_key.make(secrets.folder)
    head = Head(walk.line, now.replace(microsecond=0), walk.hash, b"", fingerprint(key.public))
    head = replace(head, signature=key.sign(head.said))
    async with store.write() as conn:
        again = await newest(conn)
        if again is not None and again.lines >= head.lines:
            return None  # another process was quicker
        if [one.public for one in audit_key.every(secrets.folder)][:1] != [key.public]:
            return None  # the key was replaced meanwhile: the next round signs with the new one
        await _know(conn, key)
        await conn.execute(insert(audit_heads), [_values(head)])
    _note(secrets.folder, head)
    return head


async def _trust(conn: Conn, head: Head | None, folder: Path) -> None:
    """Raises Broken when the newest head is not ours, or is older than the one noted beside the
    key: then somebody has been at the database."""
    noted = noted_head(folder)
    if noted is not None and (head is None or head.lines < noted.lines):
        raise Broken("The newest signed head is gone from the database.")
    if head is None:
        return
    # A key that was lost is replaced by a new one, which goes on from the last head before it; one
    # that is being replaced signed the head before the first of its successor.
    known = [one.public for one in audit_key.every(folder)]
    known = known or [(await publics(conn)).get(head.signer, b"")]
    if not any(audit_key.signed_by(public, head.signature, head.said) for public in known):
        raise Broken("The newest head was not signed with the key of this Heard.")
    found = await conn.execute(select(audit.c.hash).where(audit.c.id == head.lines))
    if found.scalar() != head.hash:
        raise Broken(f"Line {head.lines:,} is not the one that was signed.")


async def _know(conn: Conn, key: AuditKey) -> None:
    if fingerprint(key.public) not in await publics(conn):
        stored = await meta.get(conn, AUDIT_PUBLICS) or b""
        await meta.put(conn, AUDIT_PUBLICS, stored + key.public)


def noted_head(folder: Path) -> Head | None:
    """The head noted beside the keys; None when there is none, or it cannot be read."""
    try:
        said = json.loads((folder / AUDIT_HEAD).read_text(encoding="ascii"))
        at = datetime.fromisoformat(said["at"]).astimezone(UTC)
        hash_, signature = bytes.fromhex(said["hash"]), bytes.fromhex(said["signature"])
        return Head(int(said["lines"]), at, hash_, signature, str(said["signer"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note(folder: Path, head: Head) -> None:
    if noted_head(folder) == head:
        return
    said = {
        "lines": head.lines,
        "at": head.at.isoformat(),
        "hash": head.hash.hex(),
        "signature": head.signature.hex(),
        "signer": head.signer,
    }
    write_over(folder / AUDIT_HEAD, (json.dumps(said) + "\n").encode())


def as_head(row: Row[Any]) -> Head:
    return Head(row.lines, row.at, row.hash, row.signature, row.signer)


def _values(head: Head) -> dict[str, Any]:
    return {
        "lines": head.lines,
        "at": head.at,
        "hash": head.hash,
        "signature": head.signature,
        "signer": head.signer,
    }
