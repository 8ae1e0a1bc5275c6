"""Notice a message that is not in English, so that nobody guesses at it.

Two questions: are its words ones we have met in English messages, however spelled? If few are,
does `lingua` hear another language more strongly than English? Writing in another script is
settled by the letters alone.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

import joblib
from lingua import Language, LanguageDetector, LanguageDetectorBuilder
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_FILE = "english_words.joblib"
_MET_IN = 8  # examples; a word met less often may be a slip or a foreign word that somebody used
# Languages most spoken in England and Wales (census 2021) that lingua knows and that use Latin letters.
_LANGUAGES = (
    "ENGLISH POLISH ROMANIAN PORTUGUESE SPANISH FRENCH ITALIAN GERMAN DUTCH LITHUANIAN LATVIAN HUNGARIAN CZECH "
    "SLOVAK TURKISH ALBANIAN VIETNAMESE WELSH SOMALI SWAHILI YORUBA SHONA SLOVENE CROATIAN"
)


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*(getattr(Language, name) for name in _LANGUAGES.split())).build()


def written_in_another_script(text: str) -> bool:
    """True when most letters of `text` are not Latin ones."""
    letters = [letter for letter in text if letter.isalpha()]
    foreign = sum("LATIN" not in unicodedata.name(letter, "") for letter in letters)
    return len(letters) >= 2 and foreign > len(letters) / 2


def is_other_language(text: str, words: list[str], known: frozenset[str]) -> bool:
    """True when `text` (its plain `words`) is most likely not English; `known` are English words met before."""
    if written_in_another_script(text):
        return True
    words = [word for word in words if word.isalpha() and len(word) > 1]
    if len(words) < 2:
        return False
    share_known = sum(word in known for word in words) / len(words)
    if share_known > 0.5:
        return False
    scores = {score.language: score.value for score in _detector().compute_language_confidence_values(text)}
    english = scores.get(Language.ENGLISH, 0.0)
    best = max(scores.values())
    return english < 0.2 * best and best > (0.3 if len(words) > 2 and share_known <= 0.34 else 0.6)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class OtherLanguage(GraphComponent):
    """Sets `other_language` (bool) on each message."""

    def __init__(self, storage: ModelStorage, resource: Resource, known: frozenset[str]) -> None:
        self._storage = storage
        self._resource = resource
        self._known = known
        _detector()

    @classmethod
    def required_components(cls) -> list[type]:
        """The plain spellings come from the tokenizer."""
        return [Tokenizer]

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> OtherLanguage:
        """Build an untrained component."""
        return cls(model_storage, resource, frozenset())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> OtherLanguage:
        """Read the known words back."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, joblib.load(folder / _FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Keep every word that stands in enough examples."""
        counts: dict[str, int] = {}
        for example in training_data.intent_examples:
            for word in set(_words(example)):
                counts[word] = counts.get(word, 0) + 1
        self._known = frozenset(word for word, count in counts.items() if count >= _MET_IN)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._known, folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Mark each message that has text."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                message.set("other_language", is_other_language(text, _words(message), self._known), add_to_output=True)
        return messages


def _words(message: Message) -> list[str]:
    return [token.lemma for token in message.get("text_tokens", [])]
