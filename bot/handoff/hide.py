"""Hide what could tell who somebody is, before a card is even shown: names, numbers, handles, addresses and schools.

Rules and lists (`data/hide.yml`, `data/names.txt`), no model: each hit can be explained, and each can be put back by the young
person. It misses some and says so on the screen. When unsure it hides: putting back is one tap, taking back is impossible.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from phonenumbers import PhoneNumberMatcher

from bot.content import read_yaml
from bot.paths import DATA

NAME, NUMBER, HANDLE, PLACE, SCHOOL = "name", "number", "handle", "place", "school"
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_PATTERNS = (
    (HANDLE, r"\b(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b|\b[\w-]+\.(?:com|co\.uk|org|net|gg|me|ly)\b(?:/\S*)?"),
    (HANDLE, r"(?<!\w)@[\w.]{2,}|\b\w{2,32}#\d{4}\b"),
    (HANDLE, r"\b(?=\w*_)(?=\w*[a-z])\w{4,}\b|\b(?=[a-z.]*\d)[a-z]{4,}[a-z.]*\d{2,}\w*\b|\b[a-z]{3,}\.[a-z]{2,}\d+\b"),
    # A full UK postcode, or its first half after "postcode".
    (PLACE, r"\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b|(?<=postcode is )[a-z]{1,2}\d{1,2}\b"),
    (NUMBER, r"(?<![\w£])(?:\+|00)?\d(?:[\s\-.()]{0,2}\d){5,}(?!\w)"),
    (NUMBER, r"\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}\b"),
    (
        NUMBER,
        rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? (?:19|20)\d\d\b|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d\b",
    ),
    (HANDLE, r"\b(?=\w{6,})[a-z]+\d+[a-z]+\w*\b"),
    (SCHOOL, r"\bysgol(?: [^\W\d]+){1,2}|\bour lady(?:'?s)?(?: of (?:the )?\w+)?"),
    (
        SCHOOL,
        r"\b(?:st|saint)\.? [a-z]{3,}\b|\b(?:cardinal|archbishop|bishop) [a-z]{3,}",
    ),
    (NUMBER, r"\b(?:(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine|double|triple|hundred)[\s,\-]+){5,}\w+\b"),
    (PLACE, r"\bflat \d+\w?\b|\b(?:room|door|house|number) (?:number |no )?\d+\w?\b"),
)
_COMPILED = tuple((kind, re.compile(pattern, re.I)) for kind, pattern in _PATTERNS)


@dataclass(frozen=True)
class Part:
    """One hidden part. What it was is kept with the card in memory, and is in no `repr`."""

    kind: str
    was: str = field(repr=False)
    shown: bool = False


@dataclass(frozen=True)
class Hidden:
    """A text in pieces: `between[0]`, part 0, `between[1]`, part 1 …"""

    between: tuple[str, ...] = field(repr=False)
    parts: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        """The text as it stands: hidden parts named by kind."""
        said = [part.was if part.shown else f"[{part.kind} hidden]" for part in self.parts]
        return "".join(piece for pair in zip(self.between, [*said, ""]) for piece in pair)

    def shown_again(self, number: int) -> Hidden:
        """The same with one part put back."""
        parts = tuple(replace(part, shown=True) if at == number else part for at, part in enumerate(self.parts))
        return replace(self, parts=parts)


def hide(text: str) -> Hidden:
    """Return `text` with what may tell who somebody is taken out."""
    text = unicodedata.normalize("NFC", text)
    spans = _joined(text, sorted(_found(text)))
    between, parts, at = [], [], 0
    for start, end, kind in spans:
        between.append(text[at:start])
        parts.append(Part(kind, text[start:end]))
        at = end
    return Hidden((*between, text[at:]), tuple(parts))


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    for kind, pattern in _COMPILED:
        yield from ((hit.start(), hit.end(), kind) for hit in pattern.finditer(text))
    for match in PhoneNumberMatcher(text, "GB"):
        yield match.start, match.end, NUMBER
    said = _Said(text)
    for finder in (
        said.names,
        said.unknown,
        said.after_cues,
        said.titled,
        said.capitals,
        said.streets,
        said.schools,
        said.handles,
        said.places,
    ):
        yield from finder()


def _joined(text: str, spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Spans that touch, or have nothing but a space between them and the same kind, become one."""
    out: list[tuple[int, int, str]] = []
    for start, end, kind in spans:
        if out and (start < out[-1][1] or (kind == out[-1][2] and not text[out[-1][1] : start].strip(" ,"))):
            was = out.pop()
            out.append((was[0], max(end, was[1]), was[2] if was[1] - was[0] >= end - start else kind))
        else:
            out.append((start, end, kind))
    return out


class _Said:
    """The words of one text with their places, and the finders that look at neighbours."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lists = _lists()
        self.words = [(hit.start(), hit.end(), hit.group()) for hit in _WORD.finditer(text)]
        self.plain = [_plain(word) for _, _, word in self.words]

    def names(self) -> Iterator[tuple[int, int, str]]:
        """Names of the list, in any case, also with 's."""
        for (start, _, word), plain in zip(self.words, self.plain):
            bare = re.sub(r"['’]s$" if plain in self.lists.known else r"['’]?s$", "", plain)
            if plain not in self.lists.stay and any(form in self.lists.names for form in (plain, bare, *plain.split("-"))):
                yield start, start + len(re.sub(r"['’]s$", "", word)), NAME

    def unknown(self) -> Iterator[tuple[int, int, str]]:
        """Words nobody has used in any of our examples, unless they are a typing error away from a common one."""
        for (start, _, word), plain in zip(self.words, self.plain):
            bare = re.sub(r"['’]s$", "", plain)
            forms = (plain, bare, bare.removesuffix("s"))
            if len(bare) < 3 or any(form in self.lists.known or form in self.lists.stay for form in forms):
                continue
            if "'" not in bare and "-" not in bare and not _is_typing_error(bare, self.lists.everyday):
                yield start, start + len(re.sub(r"['’]s$", "", word)), NAME

    def after_cues(self) -> Iterator[tuple[int, int, str]]:
        """One or two words after "my name is", "called" and their like."""
        yield from self._after(self.lists.name_cues, NAME, 2)

    def places(self) -> Iterator[tuple[int, int, str]]:
        """Where somebody lives or works."""
        yield from self._after(self.lists.places_cues, PLACE, 2)

    def _after(self, cues: re.Pattern[str], kind: str, most: int) -> Iterator[tuple[int, int, str]]:
        for cue in cues.finditer(self.text):
            for start, end, word in [one for one in self.words if one[0] >= cue.end()][:most]:
                between = self.text[cue.end() : start]
                if _plain(word) in self.lists.not_names or re.search(r"[.!?\n,]", between):
                    break
                yield start, end, kind

    def titled(self) -> Iterator[tuple[int, int, str]]:
        """The word after "mr", "auntie" or "coach", unless it is an everyday one."""
        for at, plain in enumerate(self.plain[:-1]):
            start, end, word = self.words[at + 1]
            near = self.text[self.words[at][1] : start].strip(". ") == ""
            follows = self.plain[at + 1]
            named = word[0].isupper() or (plain in _SURE_TITLES and follows not in self.lists.everyday)
            if plain in self.lists.titles and near and named and follows not in self.lists.not_names | self.lists.stay:
                yield start, end, NAME

    def capitals(self) -> Iterator[tuple[int, int, str]]:
        """A capital where no sentence starts."""
        for at, (start, end, word) in enumerate(self.words):
            before = self.text[:start].rstrip(" \"'(")
            starts = not before or before[-1] in ".!?\n:•-😭😂" or self.plain[at] in self.lists.stay
            if word[0].isupper() and not word.isupper() and not starts and self.text.upper() != self.text:
                yield start, end, NAME

    def streets(self) -> Iterator[tuple[int, int, str]]:
        """Up to two words before "street" and its like, with the house number."""
        for hit in self.lists.streets.finditer(self.text):
            last = hit["name"].split()[-1]
            soft = hit["kind"].lower() in self.lists.soft_streets
            uncommon = not soft and _plain(last) not in self.lists.not_names | self.lists.everyday
            if hit["number"]:
                yield hit.start(), hit.end(), PLACE
            elif uncommon or last[0].isupper():
                yield hit.start("name") + hit["name"].rfind(last), hit.end(), PLACE

    def schools(self) -> Iterator[tuple[int, int, str]]:
        """The words that name a school, with "school" itself."""
        for hit in self.lists.schools.finditer(self.text):
            words = list(_WORD.finditer(hit["name"]))
            named: list[re.Match[str]] = []
            for word in reversed(words):
                if _plain(word.group()) in self.lists.kinds_of_school and not named:
                    continue
                if _plain(word.group()) in self.lists.before_school:
                    break
                named.append(word)
            if named:
                yield hit.start("name") + named[-1].start(), hit.end(), SCHOOL

    def handles(self) -> Iterator[tuple[int, int, str]]:
        """What follows "my snap is" and its like."""
        for hit in self.lists.handles.finditer(self.text):
            plain = _plain(hit["handle"]).strip(".")
            if plain not in self.lists.not_names and plain not in self.lists.known:
                yield hit.start("handle"), hit.end("handle"), HANDLE


# After these, any uncommon word is a name; after "uncle" or "friend" only one with a capital or from the list.
_SURE_TITLES = frozenset(
    ("mr", "mrs", "miss", "ms", "mx", "dr", "sir", "uncle", "auntie", "aunty", "aunt", "coach", "pastor", "pc")
)


def _is_typing_error(word: str, common: frozenset[str]) -> bool:
    """Whether one letter too many, too few, wrong or swapped makes it a common word; or letters are stretched."""
    if len(word) < 5:
        return False
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    near = {a + b[1:] for a, b in cuts if b} | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    near |= {a + c + b[1:] for a, b in cuts if b for c in letters} | {a + c + b for a, b in cuts for c in letters}
    return not common.isdisjoint(near | {re.sub(r"(.)\1+", r"\1", word), re.sub(r"(.)\1+", r"\1\1", word)})


@dataclass(frozen=True)
class _Lists:
    names: frozenset[str]
    known: frozenset[str]
    not_names: frozenset[str]
    stay: frozenset[str]
    everyday: frozenset[str]
    titles: frozenset[str]
    before_school: frozenset[str]
    kinds_of_school: frozenset[str]
    name_cues: re.Pattern[str]
    places_cues: re.Pattern[str]
    streets: re.Pattern[str]
    soft_streets: frozenset[str]
    schools: re.Pattern[str]
    handles: re.Pattern[str]


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    said: dict[str, list[Any]] = read_yaml(DATA / "hide.yml")
    one = {name: frozenset(str(word) for word in words) for name, words in said.items()}

    def any_of(name: str) -> str:
        return "|".join(re.escape(word) for word in sorted(one[name], key=len, reverse=True))

    return _Lists(
        names=_lines("names.txt"),
        known=_lines("known_words.txt"),
        not_names=one["not_names"],
        stay=one["stay"],
        everyday=one["everyday"],
        titles=one["titles"],
        before_school=one["common_before_school"],
        kinds_of_school=one["kinds_of_school"],
        name_cues=re.compile(rf"\b(?:{any_of('name_cues')})\b\s*", re.I),
        places_cues=re.compile(rf"\b(?:{any_of('places_cues')})\b\s*", re.I),
        streets=re.compile(
            rf"(?P<number>\b\d{{1,4}}[a-z]?,?\s+)?\b(?P<name>[^\W\d]+(?:\s[^\W\d]+)?)\s(?P<kind>{any_of('streets')}|{any_of('soft_streets')})\b",
            re.I,
        ),
        soft_streets=one["soft_streets"],
        schools=re.compile(
            rf"\b(?P<name>(?:[\w'’]+\.?\s){{1,4}})(?:{any_of('schools')})(?:\s(?:school|college|academy|primary))*\b", re.I
        ),
        handles=re.compile(
            rf"\b(?:{any_of('handle_cues')})(?:name)?(?:'s| is|s|:| =)?[:\s]+(?:is |its |it's )?(?P<handle>[\w.]{{3,}})", re.I
        ),
    )


def _lines(file: str) -> frozenset[str]:
    lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _plain(word: str) -> str:
    """Lower case without accents."""
    return "".join(one for one in unicodedata.normalize("NFKD", word.lower().replace("’", "'")) if not unicodedata.combining(one))
