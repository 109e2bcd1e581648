"""Killed again and again while 200 people talk to it, Heard loses nothing that anybody said."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from pathlib import Path

import aiohttp
import pytest
from crowd import REFERENCE_IN, Crowd
from heard_process import PASSPHRASE, STAFF, Heard, Sandbox
from kept import drafts_of

from bot.channel.sender import IN_FLIGHT

PEOPLE = 200
KILLS = 16
SEED = 20261122
WELCOME = "Hello. I am a bot."
PATIENCE = 240  # seconds; a good run takes a tenth of it


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_nothing_is_lost_however_often_heard_is_killed(tmp_path: Path, webhook: bool) -> None:
    sandbox = Sandbox()
    sandbox.start()
    heard = Heard(tmp_path, sandbox.url, webhook)
    chance = random.Random(SEED + webhook)
    try:
        heard.install()
        heard.start()
        async with aiohttp.ClientSession() as http:
            crowd = await Crowd.gather(http, sandbox.url, PEOPLE, chance)
            killer = asyncio.create_task(kill_again_and_again(heard, crowd, chance))
            try:
                async with asyncio.timeout(PATIENCE):
                    while not (crowd.finished and killer.done()):
                        await crowd.follow()
            except TimeoutError:
                pytest.fail(await crowd.stuck() + heard.log.read_text()[-2000:])
            killer.result()
            await heard.until_up()
            sent = await sent_by(http, sandbox.url)
        assert heard.stop() == 0
        exported = everything_exported(heard)
        await check_everything(heard, crowd, exported, sent)
    finally:
        if heard.process is not None and heard.process.poll() is None:
            heard.kill()
        sandbox.stop()


async def kill_again_and_again(heard: Heard, crowd: Crowd, chance: random.Random) -> None:
    """Some people begin, and at a random instant of their talking or of its start it is killed."""
    people = list(crowd.members)
    for round_ in range(KILLS):
        await crowd.act(people[round_::KILLS])
        await asyncio.sleep(chance.uniform(0.0, 1.0))
        await asyncio.to_thread(heard.kill)
        heard.start()
        if chance.random() < 0.8:
            await heard.until_up()


async def sent_by(http: aiohttp.ClientSession, url: str) -> list[dict[str, str]]:
    async with http.get(f"{url}/control/sent") as answer:
        sent: list[dict[str, str]] = (await answer.json())["sent"]
    return sent


def everything_exported(heard: Heard) -> dict[str, list[str]]:
    """What the staff can read between them: for each reference, the person's words in order."""
    found: dict[str, list[str]] = {}
    for name in STAFF:
        words = ("export", "--reason", "inspection", "--staff", name, "--passphrase-stdin")
        done = heard.command(*words, given=PASSPHRASE + "\n")
        assert done.returncode == 0, done.stderr
        concerns = [json.loads(line) for line in done.stdout.splitlines() if line]
        references = [one["reference"] for one in concerns]
        assert len(references) == len(set(references)), "a concern is exported twice"
        for one in concerns:
            words = [part["text"] for part in one["parts"] if part["kind"] == "words"]
            assert found.setdefault(one["reference"], words) == words
    return found


async def check_everything(
    heard: Heard, crowd: Crowd, exported: dict[str, list[str]], sent: list[dict[str, str]]
) -> None:
    drafts = await drafts_of(heard)
    places = Counter(word for words in (*exported.values(), *drafts) for word in words)
    for member in crowd.members.values():
        assert all(places[word] == 1 for word in member.words), "a word is lost or doubled"
        if member.leaves_a_draft:
            assert member.words in drafts
        else:
            assert member.words in exported.values()
    senders = [one for one in crowd.members.values() if not one.leaves_a_draft]
    assert len(exported) == len(senders), "a concern that nobody sent, or one that is missing"
    receipts = Counter(one["chat_id"] for one in sent if REFERENCE_IN in one["text"])
    assert all(receipts[one.id] >= 1 for one in senders)
    assert set(receipts) == {one.id for one in senders}
    # A kill between Telegram's answer and our note of it sends again; only messages that a person
    # gets exactly once can be counted as doubled, and no kill can double more than are in flight.
    welcomes = Counter(one["chat_id"] for one in sent if one["text"].startswith(WELCOME))
    doubled = sum(receipts.values()) - len(receipts) + sum(welcomes.values()) - len(welcomes)
    print(f"{KILLS} kills, {len(sent)} messages sent, {doubled} receipts or welcomes sent again")
    assert doubled <= KILLS * IN_FLIGHT
