"""heard audit: whether the record is whole, and that a concern was received and is there."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

from bot.casework.proof import RECEIVED, receipt_code
from storage import audit, audit_heads, first_parts
from storage.engine import Store

SENT_AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
REFERENCE = "H-7K2M-9QXP"


def received(home, parts=2):
    """A concern as the bot sends it, with its line in the audit and a signed head after it."""
    concern_id = home.send(REFERENCE, ["first", "second"], ["Sam Okoro"])
    code = receipt_code(concern_id, REFERENCE, SENT_AT)

    async def note(conn):
        digest = await first_parts.digest_of_first(conn, concern_id, parts)
        detail = f"code:{code} parts:{parts} body:{digest}"
        await audit.note(conn, SENT_AT, None, RECEIVED, concern_id, detail)

    home.stored(note)
    return concern_id, code


def change(home, statement, *values):
    with sqlite3.connect(home.folder / "heard.db") as db:
        assert db.execute(statement, values).rowcount
    db.close()


def sign(home):
    async def run():
        store = await Store.open(home.url)
        try:
            return await audit_heads.sign(store, home.secrets, datetime.now(UTC))
        finally:
            await store.close()

    return asyncio.run(run())


def test_a_whole_record_is_said_to_be_whole_and_its_time_printed(home):
    received(home)
    head = sign(home)
    ended = home.heard("audit", "verify", "--head", audit_heads.head_line(head))
    assert ended.returncode == 0, ended.stderr
    assert f"whole: {head.lines} lines and 1 signed heads, checked in" in ended.stdout
    assert f"agrees with that digest at line {head.lines}." in ended.stdout
    assert audit_heads.head_line(head) in ended.stdout


def test_the_first_wrong_line_is_named(home):
    received(home)
    sign(home)
    change(home, "UPDATE audit SET detail = 'x' WHERE id = 2")
    ended = home.heard("audit", "verify")
    assert ended.returncode == 1
    assert "Line 2 does not follow" in ended.stderr


def test_a_digest_that_says_otherwise_is_believed(home):
    received(home)
    head = sign(home)
    other = replace(head, hash=bytes(32))
    ended = home.heard("audit", "verify", "--head", audit_heads.head_line(other))
    assert ended.returncode == 1
    assert "No line is the one in that digest" in ended.stderr
    ended = home.heard("audit", "verify", "--head", "what a nice day")
    assert "no line of a digest" in ended.stderr


def test_a_concern_is_proved_by_the_code_of_its_receipt(home):
    _, code = received(home)
    for given in (code, code.lower().replace("-", " ")):
        ended = home.heard("audit", "prove", REFERENCE, "--code", given)
        assert ended.returncode == 0, ended.stderr
        assert "was received on 20/11/2026 at 09:00 UTC" in ended.stdout
        assert f"Code: {code} (the same as on the receipt)." in ended.stdout
    ended = home.heard("audit", "prove", REFERENCE, "--code", "AAAAA-AAAAA")
    assert (ended.returncode, ended.stdout) == (1, "")


def test_what_was_changed_since_is_not_proved(home):
    concern_id, code = received(home)
    for statement, said in (
        ("UPDATE concerns SET sent_at = sent_at + 1 WHERE id = ?", "not as it was received"),
        ("UPDATE concerns SET sent_at = sent_at - 1 WHERE id = ?", None),
        ("UPDATE parts SET kind = 'place' WHERE seq = 1 AND concern_id = ?", "not there any more"),
        ("DELETE FROM parts WHERE concern_id = ?", "not there any more"),
    ):
        change(home, statement, concern_id)
        ended = home.heard("audit", "prove", REFERENCE)
        assert (said or "Code: ") in ended.stdout + ended.stderr
    change(home, "DELETE FROM wraps WHERE concern_id = ?", concern_id)
    change(home, "DELETE FROM concerns WHERE id = ?", concern_id)
    ended = home.heard("audit", "prove", REFERENCE, "--code", code)
    assert "It was taken away since." in ended.stderr
    assert "Nor was any" in home.heard("audit", "prove", REFERENCE, "--code", "A").stderr


def test_a_record_that_is_not_whole_proves_nothing(home):
    received(home)
    change(home, "UPDATE audit SET detail = 'x' WHERE id = 1")
    ended = home.heard("audit", "prove", REFERENCE)
    assert ended.returncode == 1
    assert "proves nothing" in ended.stderr


def test_a_concern_from_before_says_so(home):
    home.send("H-OLD1-OLD1", ["words"], ["Sam Okoro"])
    assert "sent before Heard noted that" in home.heard("audit", "prove", "h-old1-old1").stderr
