"""What people tap maps to the research, and the research only to what is there."""

from __future__ import annotations

import pytest

from config import topics


def test_every_source_of_harm_has_exactly_one_topic_and_there_are_five_buttons():
    loaded = topics.load()
    assert sorted(harm for topic in loaded for harm in topic.harms) == list(topics.HARMS)
    assert len(loaded) == 5
    assert loaded[-1] == topics.Topic("else", ())


def test_a_source_that_is_not_there_is_refused(tmp_path):
    file = tmp_path / "topics.toml"
    file.write_text('[[topic]]\nid = "x"\nharms = [8]\n')
    with pytest.raises(topics.TopicsError, match="x names a source"):
        topics.load(file)
