"""Run cases through the same path a turn takes: guard, recognise, screen."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.evaluate.cases import Case
from bot.evaluate.measures import Judged
from bot.guard import guard
from bot.hearing import hear
from bot.safety.concern import Concern, ConcernTable
from bot.safety.context import Recent
from bot.safety.heard import Heard
from bot.safety.screen import screen
from bot.turn import Recogniser


async def judge(
    cases: list[Case], agent: Recogniser, table: ConcernTable, progress: Callable[[int], None] = lambda done: None
) -> list[Judged]:
    """Judge every case; the turns of one case share a context."""
    judged = []
    for done, case in enumerate(cases, 1):
        judged.append(await _one(case, agent, table))
        progress(done)
    return judged


async def _one(case: Case, agent: Recogniser, table: ConcernTable) -> Judged:
    recent, held = Recent(), Concern.INFO
    heard, seconds = Heard((("out_of_scope", 1.0),)), 0.0
    screened = screen(heard, table)
    for turn in case.turns:
        guarded = guard(turn)
        started = time.perf_counter()
        heard = await hear(agent, guarded.text, recent) if guarded.text else Heard((("out_of_scope", 1.0),))
        seconds = time.perf_counter() - started
        screened = screen(heard, table)
        recent = recent.after(guarded.text, heard)
        held = max(held, screened.concern)
    topic = heard.topic if screened.outcome == "menu" else screened.topic
    return Judged(case, topic, heard.ranking, screened.topics, held, screened.outcome == "menu", seconds)
