"""Read the reviewed files under `data/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.errors import ContentError


def read_yaml(path: Path) -> Any:
    """Return what the YAML file at `path` holds.

    Raises ContentError, naming the file and what to do, when it is missing or unreadable.
    """
    try:
        return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError(f"{path} is missing. Restore it from the repository.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path} cannot be read ({type(error).__name__}). Check the file and its rights.") from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" near line {mark.line + 1}" if mark else ""
        raise ContentError(f"{path} is not valid YAML{where}. Mend it and start again.") from None
