"""A receipt carries a code, and the record what shows later that it was true."""

from __future__ import annotations

from bot.casework.proof import receipt_code
from storage import audit, first_parts

ANN = 1201


async def test_the_code_of_the_receipt_is_that_of_the_stored_concern(world):
    await world.says(ANN, "The night nurse shouted.")
    seen = await world.taps(ANN, "Send", "Rowan Ward", "No, send it")
    row = (await world.owned(ANN))[-1]
    code = receipt_code(row.id, row.reference, row.sent_at)
    async with world.store.read() as conn:
        lines = await audit.of_concern(conn, row.id)
        digest = await first_parts.digest_of_first(conn, row.id, 1)
    received = lines[0]
    assert (received.action, received.staff_id, received.at) == ("received", None, row.sent_at)
    assert received.detail.startswith(f"code:{code} parts:1 body:{digest}")
    assert [line.action for line in lines[1:]] == ["promise-made", "promise-made"]
    assert any(f"Proof that it arrived: {code}." in one.text for one in seen)
