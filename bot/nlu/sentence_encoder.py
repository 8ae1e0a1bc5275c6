"""The sentence encoder of the Rasa pipeline: one vector for what a whole message means."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import EncoderError
from bot.nlu.encoder_files import chosen_files, tuned_files

Vectors = NDArray[Any]

log = logging.getLogger(__name__)

_BATCH = 64
_LONGEST = 128  # word pieces; a 2,000-character message is cut here for the vector, not for the signals
_THREADS = 2


class Encoder:
    """Texts in, unit vectors out: an ONNX model whose inputs are `input_ids` and `attention_mask`."""

    def __init__(self, folder: str | None = None) -> None:
        """Load our tuned encoder, or the one in an operator's `folder`. Raises EncoderError when it cannot be used."""
        import onnxruntime
        from tokenizers import Tokenizer as WordPieces

        model, pieces = chosen_files(Path(folder)) if folder else tuned_files()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        options.log_severity_level = 4  # fatal only: nothing else may be printed
        try:
            self._pieces = WordPieces.from_file(str(pieces))
            self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise EncoderError(f"The sentence encoder {model} cannot be loaded ({type(error).__name__}).") from None
        self._pieces.enable_truncation(_LONGEST)
        self._pieces.enable_padding()

    def encode(self, texts: list[str]) -> Vectors:
        """Return a float32 array of shape (len(texts), width), in the order of `texts`."""
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        vectors: dict[int, Vectors] = {}
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            words = self._pieces.encode_batch([texts[index] for index in batch])
            rows = self._session.run(
                None,
                {
                    "input_ids": np.array([word.ids for word in words], np.int64),
                    "attention_mask": np.array([word.attention_mask for word in words], np.int64),
                },
            )[0]
            vectors.update(zip(batch, rows))
            if len(texts) > _BATCH:
                log.info("encoded %d of %d", len(vectors), len(texts))
        return np.stack([vectors[index] for index in range(len(texts))])


_loaded: dict[str | None, Encoder] = {}


def shared_encoder(folder: str | None) -> Encoder:
    """One encoder per folder, loaded once."""
    if folder not in _loaded:
        _loaded[folder] = Encoder(folder)
    return _loaded[folder]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds the sentence vector as a dense feature."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Rasa wants a tokenizer before any featurizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`folder`: an operator's own encoder (model.onnx and tokenizer.json); none means ours."""
        return {**DenseFeaturizer.get_default_config(), "folder": None}

    @staticmethod
    def validate_config(config: dict[str, Any]) -> None:
        """Nothing to check: a wrong folder is reported when it is loaded."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SentenceEncoder:
        """Build the component; the weights are read with it."""
        return cls(execution_context.node_name, config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add a (1, width) sentence feature to every message that has text."""
        spoken = [message for message in messages if message.get(TEXT)]
        if spoken:
            vectors = shared_encoder(self._config["folder"]).encode([_plain(message) for message in spoken])
            for message, vector in zip(spoken, vectors):
                message.add_features(Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, "sentence_encoder"))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for all training examples, in batches."""
        self.process(training_data.training_examples)
        return training_data


def _plain(message: Message) -> str:
    """The plain spelling: it is what the encoder was tuned on."""
    return " ".join(token.lemma for token in message.get("text_tokens", []))
