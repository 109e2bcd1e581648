"""The audit cannot be changed unseen: not even by those who hold keys."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from storage import audit, audit_heads, audit_key, audit_verify, meta
from storage.audit import Line
from storage.schema import audit as lines
from storage.schema import audit_heads as heads
from storage.secrets import AUDIT, AUDIT_HEAD
from tests.storage.builders import HOUR, NOW, new_id


async def quietly(_lines: int, _total: int) -> None:
    """Progress is looked at by the command's own tests."""


async def verdict(store, secrets, printed=None):
    async with store.read() as conn:
        return await audit_verify.verify(conn, secrets.folder, printed, quietly)


def some_lines(count, began=NOW):
    staff = [new_id() for _ in range(5)]
    concerns = [new_id() for _ in range(50)]
    return [
        Line(
            began + timedelta(seconds=n),
            staff[n % 5] if n % 3 else None,
            ("opened", "acknowledge", "promise-made", "answer")[n % 4],
            concerns[n % 50] if n % 7 else None,
            f"answer:2026-11-{n % 28 + 1:02}" if n % 4 == 2 else "",
        )
        for n in range(count)
    ]


async def written(store, secrets, count, heads_at=()):
    """`count` lines, with a head signed after each of `heads_at`."""
    done, given = 0, some_lines(count)
    for stop in dict.fromkeys((*heads_at, count)):
        async with store.write() as conn:
            await audit.note_many(conn, given[done:stop])
        if stop in heads_at:
            assert await audit_heads.sign(store, secrets, NOW + timedelta(days=stop))
        done = stop


async def test_a_whole_audit_is_said_to_be_whole(store, secrets):
    assert (await verdict(store, secrets)).fault is None
    await written(store, secrets, 50, heads_at=(20, 40))
    found = await verdict(store, secrets)
    assert (found.lines, found.heads, found.fault) == (50, 2, None)


async def test_a_head_is_signed_once_for_the_same_lines(store, secrets):
    assert await audit_heads.sign(store, secrets, NOW) is None  # nothing to vouch for
    await written(store, secrets, 3)
    head = await audit_heads.sign(store, secrets, NOW)
    assert head.lines == 3
    assert await audit_heads.sign(store, secrets, NOW + HOUR) is None
    async with store.read() as conn:
        assert await audit_heads.newest(conn) == head
    assert audit_heads.noted_head(secrets.folder) == head
    public = audit_key.load(secrets.folder).public
    assert head.signer == audit_key.fingerprint(public)
    assert audit_key.signed_by(public, head.signature, head.said)


async def test_a_digests_line_is_read_again_however_it_was_broken(store, secrets):
    await written(store, secrets, 1_234, heads_at=(1_200,))
    async with store.read() as conn:
        head = await audit_heads.newest(conn)
    line = audit_heads.head_line(head)
    assert line.startswith("Audit: head ")
    assert not {"1,200", "1200"} & {*line.split()}  # who is kept out of some lines reads it, too
    printed = audit_heads.read_line(line)
    folded = line.replace("-", "-\n", 3).replace(", signature", ",\n signature").lower()
    assert audit_heads.read_line("> " + folded) == printed
    found = await verdict(store, secrets, printed)
    assert (found.fault, found.agrees) == (None, 1_200)
    assert audit_heads.read_line("nothing of the kind") is None


async def test_whoever_has_everything_is_found_by_an_earlier_digest(store, secrets):
    """All lines and heads are written anew and signed with the real key: only a digest, which
    nobody can take back, tells."""
    await written(store, secrets, 30, heads_at=(20,))
    async with store.read() as conn:
        before = audit_heads.head_line(await audit_heads.newest(conn))
    async with store.write() as conn:
        await conn.execute(delete(lines))
        await conn.execute(delete(heads))
    (secrets.folder / AUDIT_HEAD).unlink()
    await written(store, secrets, 30, heads_at=(20, 30))
    assert (await verdict(store, secrets)).fault is None
    found = await verdict(store, secrets, audit_heads.read_line(before))
    assert "No line is the one in that digest" in found.fault.text


async def test_whoever_has_the_database_alone_is_found_by_the_signature(store, secrets, tmp_path):
    """They write all lines anew, and sign heads with a key of their own that the database knows."""
    await written(store, secrets, 30, heads_at=(20,))
    own = audit_key.make(tmp_path)
    async with store.write() as conn:
        await conn.execute(delete(lines))
        await audit.note_many(conn, some_lines(25))
        rows = (await conn.execute(select(lines.c.hash).where(lines.c.id == 20))).scalar_one()
        forged = (await audit_heads.every(conn))[0]
        said = audit_heads.Head(20, forged.at, rows, b"", audit_key.fingerprint(own.public))
        changed = {"hash": rows, "signature": own.sign(said.said), "signer": said.signer}
        await conn.execute(update(heads).values(**changed))
        await meta.put(conn, audit_heads.AUDIT_PUBLICS, own.public)
    found = await verdict(store, secrets)
    assert found.fault.line == 20  # by the head noted beside the key
    (secrets.folder / AUDIT_HEAD).unlink()
    found = await verdict(store, secrets)
    assert "not signed with Heard's key" in found.fault.text
    with pytest.raises(audit_heads.Broken):
        await audit_heads.sign(store, secrets, NOW)


@pytest.mark.parametrize("what", ["end", "end and head", "head", "all"])
async def test_what_is_cut_off_is_missed(store, secrets, what):
    await written(store, secrets, 30, heads_at=(20, 30))
    async with store.write() as conn:
        if what != "head":
            await conn.execute(delete(lines).where(lines.c.id > (0 if what == "all" else 25)))
        if what != "end":
            await conn.execute(delete(heads).where(heads.c.lines > (0 if what == "all" else 25)))
    assert (await verdict(store, secrets)).fault is not None
    with pytest.raises(audit_heads.Broken):
        await audit_heads.sign(store, secrets, NOW)


async def test_nothing_is_signed_that_does_not_follow(store, secrets):
    await written(store, secrets, 30, heads_at=(20,))
    async with store.write() as conn:
        await conn.execute(update(lines).where(lines.c.id == 28).values(detail="other"))
    with pytest.raises(audit_heads.Broken, match="Line 28 "):
        await audit_heads.sign(store, secrets, NOW)


async def test_a_key_that_was_lost_is_followed_by_a_new_one(store, secrets):
    await written(store, secrets, 30, heads_at=(20,))
    (secrets.folder / AUDIT).unlink()
    head = await audit_heads.sign(store, secrets, NOW)
    assert (head.lines, (await verdict(store, secrets)).fault) == (30, None)
    async with store.read() as conn:
        assert [one.signer for one in await audit_heads.every(conn)][1] == head.signer
        assert len(await audit_heads.publics(conn)) == 2


async def test_an_installation_from_before_gets_its_key_with_the_first_head(store, secrets):
    (secrets.folder / AUDIT).unlink()
    await written(store, secrets, 2, heads_at=(2,))
    assert secrets.kept()[AUDIT] == (secrets.folder / AUDIT).read_bytes()
    assert (secrets.folder / AUDIT).stat().st_mode & 0o077 == 0
    assert json.loads((secrets.folder / AUDIT_HEAD).read_text())["lines"] == 2
