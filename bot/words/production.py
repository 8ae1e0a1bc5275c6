"""What must be true before real people are served: checked services, signed-off words, somebody who runs it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.service import Service
from bot.signposts.directory import Directory
from bot.words.check import stale
from bot.words.reviews import Review, signed_off
from bot.words.texts import Text


def not_ready(directory: Directory, texts: list[Text], reviews: Mapping[str, Review], service: Service, today: date) -> list[str]:
    """Return every reason why this must not be served to real people yet, in plain words; empty when there is none."""
    reasons = []
    if not service.run_by:
        reasons.append("data/service.yml does not say who runs this (run_by).")
    unverified = {name for name, found in directory.services.items() if not found.verified}
    unchecked = sorted(unverified | _names(stale(directory, today)))
    if unchecked:
        reasons.append(f"{len(unchecked)} services shown are not verified within 90 days: {', '.join(unchecked[:5])} …")
    unsigned = [text.name for text in texts if not signed_off(text, reviews)]
    if unsigned:
        reasons.append(f"{len(unsigned)} of {len(texts)} texts are not signed off by a named person: {', '.join(unsigned[:5])} …")
    return reasons


def _names(reports: list[str]) -> set[str]:
    return {report.split(":")[0] for report in reports}
