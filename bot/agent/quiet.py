"""Keep Rasa quiet. Must run before Rasa is imported.

Rasa logs message text at debug and, when an action fails, at error level; structlog prints by
default. Nothing Rasa, TensorFlow or structlog has to say about a message may reach a log.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import MutableMapping

_TALKATIVE = (
    "rasa",
    "rasa_sdk",
    "transformers",
    "tensorflow",
    "absl",
    "matplotlib",
    "asyncio",
    "apscheduler",
    "pykwalify",
    "httpx",
)


def keep_rasa_quiet(environ: MutableMapping[str, str] | None = None) -> None:
    """Switch off telemetry and all logging of Rasa's, once. Safe to call again."""
    environ = os.environ if environ is None else environ
    environ["RASA_TELEMETRY_ENABLED"] = "false"
    environ["LOG_LEVEL_LIBRARIES"] = "CRITICAL"
    environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    environ["HF_HUB_OFFLINE"] = "1"
    environ["TRANSFORMERS_OFFLINE"] = "1"
    environ.setdefault("TF_NUM_INTRAOP_THREADS", "2")
    # Imports set filters of their own; a warning can quote what it warns about.
    warnings.showwarning = lambda *_args, **_kwargs: None
    import structlog

    structlog.configure(
        processors=[_drop],
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
        logger.handlers = [logging.NullHandler()]


def _drop(logger: object, method: str, event: MutableMapping[str, object]) -> MutableMapping[str, object]:
    import structlog

    raise structlog.DropEvent
