"""Chromium and a ward for every test of this folder, in one event loop: one browser does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from tests.console.browser.tabs import CHROMIUM, FLAGS
from tests.console.conftest import opened_ward

# In CI a missing browser is a failure, not a reason to skip: launching it says so.
NO_BROWSER = not CHROMIUM.exists() and os.environ.get("CI") != "true"


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.skipif(NO_BROWSER, reason="needs Debian's chromium"))
            item.add_marker(pytest.mark.asyncio(loop_scope="package"), append=False)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def chromium():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="package")
async def ward(built_once, tmp_path):
    async with opened_ward(built_once, tmp_path) as ward:
        yield ward
