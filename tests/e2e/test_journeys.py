"""Every transcript of the dialogue also goes as it is written through the whole product: phones and
the Bot API over HTTP, a real database, staff at their desk, and a clock that is moved.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from journey import Journey
from rehearsed_town import pattern, town

from bot.cli.transcript import persons_lines
from tests.dialogue.replay import FOLDER

AT_ONCE = 8  # journeys side by side
ONLY = os.environ.get("HEARD_JOURNEYS", "*")  # to look at some of them alone
FILES = sorted(FOLDER.glob(f"{ONLY}.txt"))


def _words(file: Path) -> set[str]:
    return {line.partition(":")[0] for line in persons_lines(file.read_text(encoding="utf-8"))}


def _alone(file: Path) -> bool:
    """Whether it moves the clock, or tells everybody something: both are the same for all who
    share a town."""
    lines = persons_lines(file.read_text(encoding="utf-8"))
    return bool(_words(file) & {"LATER", "CHANGED"}) or any(" one-with " in one for one in lines)


def _places(file: Path) -> int:
    return 1 if "PLACES" in _words(file) else 2


async def _play(files: list[Path], folder: Path, failed: dict[str, str]) -> int:
    """Side by side in one town; returns how many went as written."""
    seats, played = asyncio.Semaphore(AT_ONCE), 0
    async with town(folder) as here:

        async def one(file: Path) -> None:
            nonlocal played
            async with seats:
                journey = Journey(file, here, await here.street.newcomer("Sam"))
                if _places(file) == 1:
                    journey.rehearsed.places = journey.rehearsed.places[:1]
                try:
                    await journey.play()
                    await journey.at_rest()
                    played += 1
                except AssertionError as error:
                    failed[file.stem] = str(error)

        await asyncio.gather(*(one(file) for file in files))
    return played


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    folder = tmp_path_factory.mktemp("towns")
    return {n: asyncio.run(pattern(folder / f"of-{n}", n)) for n in (1, 2)}


async def test_every_transcript_goes_as_written_through_the_product(towns, tmp_path):
    failed: dict[str, str] = {}
    together = [one for one in FILES if not _alone(one)]
    groups = [[one for one in together if _places(one) == n] for n in (1, 2)]
    groups += [[one] for one in FILES if _alone(one)]
    seats = asyncio.Semaphore(3)

    async def group(files: list[Path]) -> int:
        folder = tmp_path / files[0].stem
        async with seats:
            shutil.copytree(towns[_places(files[0])], folder)
            return await _play(files, folder, failed)

    played = sum(await asyncio.gather(*(group(files) for files in groups if files)))
    print(f"\n{played} of {len(FILES)} transcripts played through the product")
    for why in failed.values():
        print(f"FAILED {why}")
    assert sorted(failed) == []
    assert played == len(FILES) >= (30 if ONLY == "*" else 1)
