"""Every transcript comes out word for word as it is written."""

from __future__ import annotations

import pytest

from tests.dialogue.replay import FOLDER, replayed

TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("file", TRANSCRIPTS, ids=lambda file: file.stem)
def test_the_talk_goes_as_written(file):
    written = file.read_text(encoding="utf-8")
    assert replayed(written) == written


def test_there_are_enough_transcripts_to_read():
    assert len(TRANSCRIPTS) >= 14
