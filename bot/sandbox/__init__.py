"""Telegram on your own machine: a small, strict Bot API server and phones on a page."""

from bot.sandbox.clock import ClockControls, Step
from bot.sandbox.page import Link
from bot.sandbox.server import SandboxOptions, SandboxServer

__all__ = ["ClockControls", "Link", "SandboxOptions", "SandboxServer", "Step"]
