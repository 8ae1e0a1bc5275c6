"""The `bot` command."""

from __future__ import annotations

import sys

from bot.cli.commands import app
from bot.errors import SidedoorError


def main() -> None:
    """Run a command; what goes wrong on purpose is one clear line and exit status 1, never a traceback."""
    try:
        app()
    except SidedoorError as error:
        print(f"bot: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
