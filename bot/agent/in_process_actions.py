"""Runs custom actions in our own process, where Rasa would call an action server over HTTP."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.replies import SAFE_REPLY

log = logging.getLogger(__name__)


class InProcessActions:
    """What Rasa takes for an endpoint: `.kwargs` and `request`."""

    # Rasa otherwise sends the whole domain with every call, which costs milliseconds.
    kwargs: ClassVar[dict[str, bool]] = {"enable_selective_domain": True}

    def __init__(self, actions: list[Action]) -> None:
        self._actions = {action.name(): action for action in actions}

    def names(self) -> set[str]:
        """The actions that can be run."""
        return set(self._actions)

    async def request(self, json: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Run one action and return its events and responses, as Rasa expects them.

        Never raises: an action that fails gives the safe reply, and only the class of the error is
        logged, since its text could hold a message.
        """
        name = json["next_action"]
        try:
            dispatcher = CollectingDispatcher()
            tracker = Tracker.from_dict(json["tracker"])
            events = self._actions[name].run(dispatcher, tracker, {})
            return {"events": events or [], "responses": dispatcher.messages}
        except Exception as error:
            log.error("%s failed with %s", name, type(error).__name__)
            return {"events": [], "responses": [{"response": SAFE_REPLY}]}
