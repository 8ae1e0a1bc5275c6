"""Spare Rasa work it need not do for us."""

from __future__ import annotations

from rasa.core.actions.action import RemoteAction


def trust_our_own_actions() -> None:
    """Skip the JSON-schema check of every action's result.

    It costs more than half of a turn and guards against a foreign action server; our actions run in
    this process and are typed and tested.
    """
    RemoteAction._validate_action_result = lambda self, result: True
