"""Find the numbers and addresses of the directory in a text, so that a page can make them tappable."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.signposts.directory import Directory


def link_finder(directory: Directory) -> Callable[[str], list[dict[str, str]]]:
    """Return a function from a text to its links, `{"text", "href"}`, in order and without overlap."""
    known = {"999": "tel:999", "116 123": "tel:116123", "childline.org.uk/remove": "https://www.childline.org.uk/remove"}
    for service in directory.services.values():
        for contact in service.contacts:
            if contact.href and contact.kind != "walk_in":
                # Two ways to the same number (call or text 999): the first one written wins.
                known.setdefault(contact.value, contact.href)
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(r"(?<![\w.])(" + "|".join(re.escape(value) for value in longest_first) + r")(?![\w])")

    def links_in(text: str) -> list[dict[str, str]]:
        return [{"text": found[1], "href": known[found[1]]} for found in pattern.finditer(text)]

    return links_in
