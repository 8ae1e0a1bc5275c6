"""Train the Rasa model from the project's own files."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from ruamel.yaml import YAML

from bot.agent.fingerprint import model_path
from bot.agent.quiet import keep_rasa_quiet
from bot.content import read_yaml
from bot.errors import ModelError
from bot.paths import DATA, MODELS, ROOT
from bot.replies import load_words

Progress = Callable[[str, int, int], None]

# What Rasa says of itself while training, and what we call it.
_STEPS = {
    "NgramFeaturizer": "learning the spellings",
    "TopicClassifier": "learning the topics",
    "ConcernClassifier": "learning how serious it sounds",
    "OtherLanguage": "learning which words are English",
    "AugmentedMemoizationPolicy": "learning the stories",
    "RulePolicy": "learning the rules",
}


def train(
    progress: Progress = lambda step, done, total: None, models: Path = MODELS, force: bool = False, encoder: str = ""
) -> Path:
    """Train unless the model for the present files exists; return its path.

    `encoder` is an operator's own encoder folder (empty: ours).

    `progress` is told the step's name, how much of it is done and out of how much (0 and 0: not known). Older models are
    removed once the new one is there. Raises ContentError for a file that cannot be read, ModelError
    when training fails.
    """
    target = model_path(models, encoder=encoder)
    if target.is_file() and not force:
        return target
    _check_readable()
    keep_rasa_quiet()
    progress("loading Rasa", 0, 0)
    from rasa.model_training import train as rasa_train

    keep_rasa_quiet()
    os.environ["RASA_CACHE_DIRECTORY"] = str(models / "cache")
    # Rasa prints its success and many small bars; our own display says enough.
    silence = io.StringIO()
    with (
        _config_for(encoder) as config,
        _listening(progress),
        contextlib.redirect_stdout(silence),
        contextlib.redirect_stderr(silence),
    ):
        result = rasa_train(
            domain=str(ROOT / "domain.yml"),
            config=config,
            training_files=[str(DATA)],
            output=str(models),
            fixed_model_name=target.name.removesuffix(".tar.gz"),
            force_training=force,
        )
    if result.code != 0 or not target.is_file():
        raise ModelError("Training gave no model. Run `uv run rasa data validate` to see what does not fit.")
    for old in models.glob("sidedoor-*.tar.gz"):
        if old != target:
            old.unlink()
    return target


@contextlib.contextmanager
def _config_for(encoder: str) -> Iterator[str]:
    """Yield the path of config.yml, or of a copy of it that names the operator's encoder."""
    if not encoder:
        yield str(ROOT / "config.yml")
        return
    config = read_yaml(ROOT / "config.yml")
    for component in config["pipeline"]:
        if component["name"].endswith(".SentenceEncoder"):
            component["folder"] = str(Path(encoder).resolve())
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "config.yml"
        YAML(typ="safe", pure=True).dump(config, copy)
        yield str(copy)


def _check_readable() -> None:
    """Fail early and clearly: Rasa's own message for a broken file is a traceback."""
    for folder in ("nlu", "rules", "stories"):
        for path in sorted((DATA / folder).glob("*.yml")):
            read_yaml(path)
    load_words()
    read_yaml(ROOT / "domain.yml")
    read_yaml(ROOT / "config.yml")


class _listening:
    """Hears what Rasa and the encoder say of their progress, without letting them print."""

    def __init__(self, progress: Progress) -> None:
        self._loggers = [logging.getLogger(name) for name in ("rasa.engine.training.hooks", "bot.nlu.sentence_encoder")]
        self._handler = _StepHandler(progress)

    def __enter__(self) -> None:
        for logger in self._loggers:
            logger.handlers, logger.propagate = [self._handler], False
            logger.setLevel(logging.INFO)

    def __exit__(self, *_: object) -> None:
        for logger in self._loggers:
            logger.handlers = [logging.NullHandler()]
            logger.setLevel(logging.CRITICAL)


class _StepHandler(logging.Handler):
    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        encoded = re.fullmatch(r"encoded (\d+) of (\d+)", said)
        started = re.search(r"(?:Starting to train|Restored) component '([\w.]+)'", said)
        if encoded:
            self._progress("understanding the examples", int(encoded[1]), int(encoded[2]))
        elif started:
            step = started[1].split(".")[-1]
            self._progress(_STEPS.get(step, step), 0, 0)
