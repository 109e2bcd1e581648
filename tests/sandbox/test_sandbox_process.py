"""The sandbox on its own feet: as a process that outlives the bot, and as one that remembers."""

from __future__ import annotations

import asyncio
import signal
import sys

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.sandbox import SandboxOptions


@pytest.fixture
async def start_process():
    running = []

    async def start(*arguments):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.sandbox", *arguments, stdout=asyncio.subprocess.PIPE
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_it_prints_its_address_serves_and_stops_on_a_signal(start_process, tmp_path):
    kept = tmp_path / "state.json"
    process = await start_process("--token", "7:abc", "--person", "Carer", "--state", str(kept))
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession(url) as session, session.get("/bot7:abc/getMe") as answer:
        assert (await answer.json())["result"]["id"] == 7
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
    assert kept.stat().st_mode & 0o777 == 0o600


async def test_help_names_every_option(start_process):
    process = await start_process("--help")
    words = (await process.stdout.read()).decode()
    assert all(f"--{name}" in words for name in ("port", "token", "person", "state", "no-limits"))


async def test_what_was_kept_goes_on_where_it_stopped(start_sandbox, tmp_path):
    options = SandboxOptions(people=("Sam",), state_file=tmp_path / "state.json")
    first = await start_sandbox(options)
    person = next(iter(first.world.people))
    async with aiohttp.ClientSession(first.url) as session:
        await session.post(f"/people/{person}/say", json={"text": "still here"})
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    async with Bot("1000001:sandbox-token", base_url=f"{first.url}/bot") as bot:
        sent = await bot.send_message(person, "Choose", reply_markup=keys)
        waiting = await bot.get_updates()
    await first.stop()

    second = await start_sandbox(options)
    async with Bot("1000001:sandbox-token", base_url=f"{second.url}/bot") as bot:
        assert await bot.get_updates() == waiting
        assert (await bot.edit_message_text("Chosen", person, sent.message_id)).text == "Chosen"
        assert (await bot.send_message(person, "Next")).message_id > sent.message_id
    assert [p.name for p in second.world.people.values()] == ["Sam"]


async def test_a_state_of_another_version_is_refused(start_sandbox, tmp_path):
    kept = tmp_path / "state.json"
    kept.write_text('{"format": 0}')
    with pytest.raises(ValueError, match="another version"):
        await start_sandbox(SandboxOptions(state_file=kept))


async def test_a_port_that_is_taken_is_an_error(start_sandbox):
    first = await start_sandbox(SandboxOptions())
    port = int(first.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        await start_sandbox(SandboxOptions(port=port))
