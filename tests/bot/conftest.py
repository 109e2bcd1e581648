"""One trust is built for all tests of this folder; each test gets a copy."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.turns.built import build, copied


@pytest.fixture(scope="session")
def pattern(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("trust")
    with ThreadPoolExecutor(1) as apart:  # pytest's own loop stays out of it
        apart.submit(asyncio.run, build(folder)).result()
    return folder


@pytest.fixture
async def world(pattern, tmp_path):
    async with copied(pattern, tmp_path / "trust") as world:
        yield world
