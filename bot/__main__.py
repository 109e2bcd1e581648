"""Where `heard` and `python -m bot` start."""

from __future__ import annotations

from bot.cli.program import main

if __name__ == "__main__":
    main()
