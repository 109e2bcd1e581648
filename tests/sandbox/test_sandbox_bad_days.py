"""Faults on order: before the call takes effect, or after, so that only its answer is lost."""

from __future__ import annotations

import aiohttp
import pytest


@pytest.fixture
async def person(people):
    return await people.new()


@pytest.fixture
def send(people, person):
    async def send(words="x"):
        status, _ = await people.api("sendMessage", chat_id=person, text=words)
        return status

    return send


@pytest.mark.parametrize(("after", "taken"), [(False, 0), (True, 2)])
async def test_the_next_sends_fail_and_may_have_taken_effect(people, send, after, taken):
    await people.post("/control/faults", kind="status", status=502, count=2, after=after)
    assert [await send(), await send(), await send()] == [502, 502, 200]
    assert len(await people.sent()) == taken + 1


@pytest.mark.parametrize("after", [False, True])
async def test_a_connection_is_cut(people, send, after):
    await people.post("/control/faults", kind="drop", after=after)
    with pytest.raises(aiohttp.ClientError):
        await send()
    assert len(await people.sent()) == after
    assert await send() == 200


async def test_a_call_can_hang_until_the_caller_gives_up(people, person, send):
    await people.post("/control/faults", kind="timeout", after=True)
    with pytest.raises(TimeoutError):
        await people.session.post(
            f"/bot1000001:sandbox-token/sendMessage?chat_id={person}&text=lost",
            timeout=aiohttp.ClientTimeout(total=0.1),
        )
    assert [row["text"] for row in await people.sent()] == ["lost"]
    assert await send() == 200


async def test_a_fault_can_be_meant_for_one_method_and_chat(people, person, send):
    await people.post("/control/faults", kind="status", method="getMe", status=429, retry_after=3)
    await people.post("/control/faults", kind="status", chat_id=5)
    assert await send() == 200
    status, answer = await people.api("getMe")
    assert (status, answer["parameters"]) == (429, {"retry_after": 3})


async def test_a_good_day_ends_all_faults(people, send):
    await people.post("/control/faults", kind="status", method="*", count=99)
    await people.post("/control/latency", ms=60_000)
    await people.post("/control/good-day")
    assert await send() == 200


async def test_faults_that_do_not_exist_are_refused(people):
    assert (await people.try_post("/control/faults", kind="fire"))[0] == 409
    assert (await people.try_post("/control/faults", kind="drop", colour="red"))[0] == 409
