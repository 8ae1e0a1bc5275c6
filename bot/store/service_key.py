"""The service key: a file beside the program, never in the database's folder or its backups. It opens no text.

From it come the TOTP secrets' wrapping, the salt of return codes and the tags that prove a row was written by us. After
`bot key rotate` the earlier keys are kept, since codes given out under them must still work.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ServiceKeyError
from bot.store.sealing import KEY, derive, new_key


@dataclass(frozen=True)
class ServiceKey:
    """The present key first, earlier ones after it."""

    keys: tuple[bytes, ...]

    def derive(self, label: str) -> bytes:
        """The key for `label` under the present key."""
        return derive(self.keys[0], label)

    def every(self, label: str) -> list[bytes]:
        """The keys for `label` under the present and all earlier keys."""
        return [derive(key, label) for key in self.keys]


def load_or_create(path: Path) -> ServiceKey:
    """Read the key file; make one (readable by its owner only) when there is none.

    Raises ServiceKeyError when it cannot be read, others can read it, or it does not hold keys.
    """
    try:
        _write(path, [new_key()], os.O_EXCL)
    except FileExistsError:
        pass
    except OSError as error:
        raise ServiceKeyError(f"The service key cannot be written ({type(error).__name__}). Set SIDEDOOR_KEY_FILE.") from None
    return load(path)


def load(path: Path) -> ServiceKey:
    """Read the key file. Raises ServiceKeyError as above."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ServiceKeyError(f"Others can read the service key. Run: chmod 600 {path}")
        keys = tuple(bytes.fromhex(line) for line in path.read_text().split())
    except (OSError, ValueError) as error:
        raise ServiceKeyError(
            f"The service key cannot be read ({type(error).__name__}). Restore it from its own backup: without it nobody "
            "can sign in to the desk and no return code works."
        ) from None
    if not keys or any(len(key) != KEY for key in keys):
        raise ServiceKeyError("The service key file does not hold a key. Restore it from its own backup.")
    return ServiceKey(keys)


def rotate(path: Path) -> None:
    """Put a new key before the earlier ones, in one step that a crash cannot halve."""
    keys = load(path).keys
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    _write(fresh, [new_key(), *keys], os.O_EXCL)
    fresh.replace(path)


def _write(path: Path, keys: list[bytes], flags: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("".join(f"{key.hex()}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
