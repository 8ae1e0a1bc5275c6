"""What can go wrong, as one tree.

SidedoorError
├── ContentError        a file under data/ cannot be read or does not fit
├── ModelError          the trained model is missing, broken or fails its self-check
├── EncoderError        the sentence encoder's files are missing or not the expected ones
├── SettingsError       a setting has a value that cannot be used
├── AgentNotReady       Rasa is still loading
├── StoreError          the database of the handoff cannot be used
├── ServiceKeyError     the service key is missing, open to others or not a key
├── CannotOpen          what is sealed cannot be opened with what was given
├── HandoffError        a step of the handoff that cannot be taken; `reason` says which and why
├── SignInError         the desk does not let this person in, or not for this
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


class StoreError(SidedoorError):
    """The database of the handoff cannot be used. Only the handoff closes; nothing else needs it."""


class ServiceKeyError(SidedoorError):
    """The service key is missing, open to others or not a key."""


class CannotOpen(SidedoorError):
    """What is sealed cannot be opened with what was given."""


class HandoffError(SidedoorError):
    """A step of the handoff that cannot be taken. `reason` is one word that names the reviewed reply."""

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(said or reason)
        self.reason = reason


class SignInError(SidedoorError):
    """The desk does not let this person in, or not for this. Never says which half was wrong."""


class BadMessage(SidedoorError):
    """What came in is not a message we can take. Never holds the message itself."""


class UnknownButton(BadMessage):
    """A button that was never offered in this conversation."""
