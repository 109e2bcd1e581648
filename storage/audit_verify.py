"""Everything that can be checked about the audit: every link, every time, every signed head."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from storage import audit_heads, audit_key
from storage.audit_heads import Head, Printed
from storage.audit_key import fingerprint, in_groups
from storage.audit_walk import Fault, Signed, Walk, walked
from storage.connection import Conn
from storage.schema import audit

Progress = Callable[[int, int], Awaitable[None]]  # lines so far, lines there are


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fault` is what is wrong first; None when the chain is whole up to `lines`. `agrees` is the
    line that a digest spoke of, if one was given."""

    lines: int
    heads: int
    fault: Fault | None
    agrees: int = 0


async def verify(conn: Conn, folder: Path, printed: Printed | None, progress: Progress) -> Verdict:
    """Walk all of the audit. `folder` is that of the secrets, which holds the signing key and the
    newest head; `printed` is what a digest said."""
    heads = await audit_heads.every(conn)
    noted = audit_heads.noted_head(folder)
    total = (await conn.execute(select(func.max(audit.c.id)))).scalar() or 0
    signed = _signed([*heads, *([noted] if noted is not None else [])], printed)
    walk = Walk()
    async for found in walked(conn, walk, signed):
        if isinstance(found, Fault):
            return Verdict(walk.line, len(heads), found)
        walk = found
        await progress(walk.line, total)
    fault = _cut(signed, walk) or _unknown(signed, walk)
    fault = fault or await _unsigned(conn, heads, noted, folder)
    return Verdict(walk.line, len(heads), fault, walk.sought)


def _signed(heads: Sequence[Head], printed: Printed | None) -> Signed:
    hashes: dict[int, list[tuple[str, str]]] = {}
    for head in heads:
        when = f"{head.at:%d/%m/%Y at %H:%M} UTC"
        hashes.setdefault(head.lines, []).append((in_groups(head.hash), f"signed on {when}"))
    by_line = {line: tuple(said) for line, said in hashes.items()}
    return Signed(by_line, "" if printed is None else printed.groups)


def _cut(signed: Signed, walk: Walk) -> Fault | None:
    """Lines that were vouched for and are not there."""
    last = max(signed.hashes, default=0)
    if last <= walk.line:
        return None
    _, who = signed.hashes[last][0]
    return Fault(
        walk.line + 1,
        f"Line {walk.line + 1:,} is missing, and all after it: the end was cut off. There were "
        f"{last:,} lines, {who}.",
    )


def _unknown(signed: Signed, walk: Walk) -> Fault | None:
    """A digest speaks of lines that nobody has."""
    if not signed.sought or walk.sought:
        return None
    return Fault(
        1,
        "No line is the one in that digest: it, or a line before it, was written anew or cut off.",
    )


async def _unsigned(
    conn: Conn, heads: Sequence[Head], noted: Head | None, folder: Path
) -> Fault | None:
    """The first head without a good signature. The newest must be by the key that is here now."""
    keys = {fingerprint(one.public): one.public for one in audit_key.every(folder)}
    known = await audit_heads.publics(conn)
    last = heads[-1] if heads else None
    if noted is not None and (last is None or last.lines < noted.lines):
        return Fault(noted.lines, f"The signed head of line {noted.lines:,} was taken away.")
    for head in heads:
        public = known.get(head.signer, b"")
        if head == last:
            public = keys.get(head.signer, b"")
        told = fingerprint(public) == head.signer
        if not told or not audit_key.signed_by(public, head.signature, head.said):
            return Fault(
                head.lines, f"The head of line {head.lines:,} was not signed with Heard's key."
            )
    return None
