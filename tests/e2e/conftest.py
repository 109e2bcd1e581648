"""The end-to-end tests share their drivers as plain modules beside them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from heard_process import Heard


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Heard:
    """An installation to copy: its keys and its staff take seconds to make."""
    pattern = Heard(tmp_path_factory.mktemp("installed"), "http://127.0.0.1:1")
    pattern.install()
    return pattern
