"""The sentence encoder: the very file we measured, and honest about what is missing."""

import builtins

import numpy as np
import pytest

from bot.content import read_yaml
from bot.errors import EncoderError
from bot.nlu import encoder_files
from bot.nlu.encoder_files import CARD, OURS, TUNED, published_folder, tuned_files
from bot.nlu.examples import LEFT_OUT
from bot.nlu.sentence_encoder import Encoder, shared_encoder


def test_the_published_weights_are_the_upstream_ones_by_checksum():
    assert (published_folder() / "model.safetensors").is_file()


def test_our_encoder_is_the_file_its_card_describes():
    model, pieces = tuned_files()
    card = read_yaml(OURS / CARD)

    assert model.name == TUNED
    assert pieces.name == "tokenizer.json"
    assert tuple(card["voices_left_out"]) == LEFT_OUT


def test_a_changed_encoder_file_is_refused(tmp_path):
    (tmp_path / TUNED).write_bytes(b"something else")
    (tmp_path / CARD).write_text("sha256: 00\n")

    with pytest.raises(EncoderError, match="not the file its card describes"):
        tuned_files(tmp_path)


def test_changed_published_weights_are_refused(monkeypatch):
    monkeypatch.setitem(encoder_files._MANIFEST, "vocab.txt", "00")
    published_folder.cache_clear()
    try:
        with pytest.raises(EncoderError, match=r"vocab.txt .* is not the published file"):
            published_folder()
    finally:
        published_folder.cache_clear()


def test_an_operators_folder_says_what_it_lacks(tmp_path):
    with pytest.raises(EncoderError, match=r"holds no model.onnx"):
        Encoder(str(tmp_path))


def test_a_broken_model_in_an_operators_folder_is_one_clear_error(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"no model")
    (tmp_path / "tokenizer.json").write_text("{}")

    with pytest.raises(EncoderError, match="cannot be loaded"):
        Encoder(str(tmp_path))


def test_vectors_have_length_one_come_in_order_and_say_the_same_twice():
    encoder = shared_encoder(None)
    texts = ["he keeps asking me for pictures", "what is for tea", "hi"]

    first, again = encoder.encode(texts), encoder.encode(texts)

    assert first.shape == (3, 384)
    assert np.allclose(np.linalg.norm(first, axis=1), 1, atol=1e-3)
    assert np.array_equal(first, again)


def test_messages_about_the_same_lie_closer_than_others():
    one, other, harmless = shared_encoder(None).encode(
        ["he keeps asking me for pictures", "she wants me to send her a photo of me", "we had pizza for tea"]
    )

    assert one @ other > one @ harmless + 0.3


def test_tuning_without_pytorch_says_what_to_run(monkeypatch, tmp_path):
    from bot.nlu.tuning import tune

    real = builtins.__import__

    def without(name, *rest):
        if name in ("torch", "onnx"):
            raise ImportError(name=name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EncoderError, match="uv run --with torch"):
        tune(published_folder(), [], 1, tmp_path / TUNED)
