"""The version, in the one place that packaging and the command line both read."""

from __future__ import annotations

VERSION = "0.1.0"
