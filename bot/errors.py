"""What can go wrong, as one tree.

SidedoorError
├── ContentError        a file under data/ cannot be read or does not fit
├── ModelError          the trained model is missing, broken or fails its self-check
├── EncoderError        the sentence encoder's files are missing or not the expected ones
├── SettingsError       a setting has a value that cannot be used
├── AgentNotReady       Rasa is still loading
└── BadMessage          what came in is not a message we can take
    └── UnknownButton   a button that was never offered in this conversation
"""

from __future__ import annotations


class SidedoorError(Exception):
    """Anything Sidedoor raises on purpose. The text says what to do and holds no message."""


class ContentError(SidedoorError):
    """A file under `data/` cannot be read or does not fit."""


class ModelError(SidedoorError):
    """The trained model is missing, broken or fails its self-check."""


class EncoderError(SidedoorError):
    """The sentence encoder's files are missing or not the expected ones."""


class SettingsError(SidedoorError):
    """A setting has a value that cannot be used."""


class AgentNotReady(SidedoorError):
    """Rasa is still loading."""


class BadMessage(SidedoorError):
    """What came in is not a message we can take. Never holds the message itself."""


class UnknownButton(BadMessage):
    """A button that was never offered in this conversation."""
