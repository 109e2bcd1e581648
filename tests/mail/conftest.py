"""One trust for all tests of this folder; each gets a copy of it, and a real mail server."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.mail.post_office import Certificate, PostOffice, certificate
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


@pytest.fixture(scope="session")
def papers(tmp_path_factory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def office(papers):
    office = PostOffice(papers)
    office.start()
    yield office
    office.stop()
