"""Read text-speak as plain English: "cos sum1 tld me" becomes "because someone told me".

Built on `spacy.blank("en")`, since no trained spaCy model is needed for splitting words and
looking up spellings. The spellings are data (`data/phrases/text_speak.yml`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import spacy
from spacy.tokens import Doc

from bot.content import read_yaml
from bot.paths import DATA

_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
# "s.e.n.d", "p-i-c-s", "h e l p": single letters with one and the same mark between them.
_SPACED_OUT = re.compile(r"(?<![\w.])[^\W\d](?:([.\-_*])(?:[^\W\d]\1)+|( )(?:[^\W\d]\2){2,})[^\W\d](?!\w)")
_CURLY = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'})


def tidy(text: str) -> str:
    """Lower-case `text` with plain quotes, no stretched letters and no s.p.a.c.e.d out words."""
    text = unicodedata.normalize("NFKC", text).translate(_CURLY).lower()
    text = _SPACED_OUT.sub(lambda run: run.group().replace(run.group(1) or " ", ""), text)
    return _STRETCHED.sub(r"\1", text)


class PlainEnglish:
    """Splits text into spaCy tokens whose `norm_` is the plain spelling."""

    def __init__(self, spellings: dict[str, str]) -> None:
        self._spellings = spellings
        self._nlp = spacy.blank("en")

    @property
    def vocab(self) -> spacy.vocab.Vocab:
        """The vocabulary that matchers over these documents must share."""
        return self._nlp.vocab

    @contextmanager
    def reading(self, text: str) -> Iterator[Doc]:
        """Yield `text` as a Doc, forgotten afterwards.

        spaCy remembers every new word in its string store for ever; a memory zone makes it
        forget them at the end, so that nobody's words stay in memory.
        """
        with self._nlp.memory_zone():
            yield self._normed(self._nlp.make_doc(" ".join(tidy(text).split())))

    def words(self, text: str) -> list[str]:
        """The plain spellings of `text`, in order."""
        with self.reading(text) as doc:
            return [token.norm_ for token in doc if not token.is_space]

    def _normed(self, doc: Doc) -> Doc:
        for token in doc:
            plain = self._spellings.get(token.text)
            if plain is not None:
                token.norm_ = plain
        return doc


@lru_cache(maxsize=1)
def plain_english(path: Path = DATA / "phrases" / "text_speak.yml") -> PlainEnglish:
    """The one shared reader: building a spaCy language takes a quarter of a second."""
    return PlainEnglish({str(short): str(plain) for short, plain in read_yaml(path)["spellings"].items()})
