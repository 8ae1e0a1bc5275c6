"""What an operator may set, read once at start-up from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from bot.errors import SettingsError


@dataclass(frozen=True)
class Settings:
    """All settings. Each is an environment variable, SIDEDOOR_ and the name in capitals."""

    host: str = "127.0.0.1"
    port: int = 8000
    conversations: int = 2_000
    forget_after_minutes: int = 10
    encoder: str = ""
    database: str = ""  # a SQLAlchemy URL; empty: var/sidedoor.db
    key_file: str = ""  # empty: keys/service.key
    desk_host: str = "127.0.0.1"
    desk_port: int = 8001
    webhook: str = ""  # where alarms are told, without content

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read the settings. Raises SettingsError naming the one that does not fit."""
        given = {}
        for item in fields(cls):
            name = f"SIDEDOOR_{item.name.upper()}"
            if name in env:
                given[item.name] = _whole(name, env[name]) if isinstance(item.default, int) else env[name]
        return cls(**given)  # type: ignore[arg-type]  # each value has been read as its field's type


def _whole(name: str, value: str) -> int:
    if not value.isdigit() or int(value) < 1:
        raise SettingsError(f"{name} must be a whole number above 0.")
    return int(value)
