"""What staff code by is whole, and a slip in it stops the start."""

from __future__ import annotations

import pytest

from config import themes
from config.themes import Kind
from config.topics import TopicsError


def test_seven_sources_of_harm_and_seventeen_and_two_factors():
    kinds = [one.kind for one in themes.load()]
    assert kinds == [Kind.HARM] * 7 + [Kind.FACTOR] * 19


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "stigma"', 'id = "systems"'),
        ('name = "Training"', 'name = " "'),
        ('kind = "factor"', 'kind = "cause"'),
        ('kind = "harm"', 'kind = "factor"'),
        ("[[theme]]", "[[theme"),
    ],
)
def test_a_slip_is_refused(old, new, tmp_path):
    file = tmp_path / "themes.toml"
    file.write_text(themes.FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TopicsError, match=r"themes\.toml"):
        themes.load(file)


def test_a_file_that_is_gone_is_refused(tmp_path):
    with pytest.raises(TopicsError):
        themes.load(tmp_path / "themes.toml")
