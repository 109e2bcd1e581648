"""What every table hangs on, so that each query and each migration means the same."""

from __future__ import annotations

from sqlalchemy import MetaData

from storage.columns import NAMES

HEAD = "0003"  # the newest revision in storage/migrations/versions; a test compares them

metadata = MetaData(naming_convention=NAMES)
