"""The signal finder of the Rasa pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.signals import load_signals


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SignalFinder(GraphComponent):
    """Sets `signals` (a list of names) on each message."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Only text is needed; Rasa asks for the tokenizer first."""
        return [Tokenizer]

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SignalFinder:
        """Build the component; the patterns are read with it."""
        load_signals()
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Mark each message that has text."""
        for message in messages:
            if message.get(TEXT):
                message.set("signals", load_signals().heard_in(message.get(TEXT)), add_to_output=True)
        return messages
