"""The states of a handoff and how long each is kept. Screens, the sweep and the documents read this one table."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE, HOUR, DAY = 60, 3_600, 86_400  # seconds

WAITING, LEFT, ANSWERED, TALKING, PENDING, SLEEPING = "waiting", "left", "answered", "talking", "pending", "sleeping"
# What a pending decision turns into; the words are kept that much longer.
NO_REPORT, REPORT = "no report needed", "report needed"
# A young person chooses how long a note sleeps.
KEEP_NOTE_DAYS = (3, 14, 30)


@dataclass(frozen=True)
class Keeping:
    """How long a state is kept (seconds), who can open it meanwhile, and the same in words for screens and documents."""

    state: str
    seconds: int
    who: str
    until: str


KEEPING = {
    kept.state: kept
    for kept in (
        Keeping(WAITING, 12 * HOUR, "the young person; each counsellor on duty", "served, withdrawn or left; at most 12 hours"),
        Keeping(
            LEFT, 24 * HOUR, "the code; each active counsellor account", "answered, or 24 hours after the next staffed opening"
        ),
        Keeping(ANSWERED, 14 * DAY, "the code", "read, or 14 days"),
        Keeping(
            TALKING, HOUR, "the young person; the counsellor; a supervisor who joined", "the end, or 60 minutes with nobody there"
        ),
        Keeping(PENDING, 7 * DAY, "the counsellor; a supervisor", "the decision, at most 7 days"),
        Keeping(NO_REPORT, 24 * HOUR, "the counsellor; a supervisor", "24 hours after the decision"),
        Keeping(REPORT, 7 * DAY, "the counsellor; a supervisor", "7 days after the decision, only to make the report"),
        Keeping(SLEEPING, 30 * DAY, "the code", "the 3, 14 or 30 days the young person chose; the three-line note only"),
    )
}
CARD_IDLE = 30 * MINUTE  # a card on the screen, in memory only
RECEIPT_DAYS = 90
AUDIT_EXACT = 72 * HOUR  # after that, audit rows tell the day only

HEARTBEAT = 60  # seconds; a counsellor silent longer is not there
STOP_OFFERS_BEFORE_CLOSING = 30 * MINUTE
NOBODY_CAME = 15 * MINUTE  # of waiting: apology, choices, and an alarm at the supervisor
NOBODY_WAITS_BEHIND = 20 * MINUTE  # after this a wait counts as much as a high concern
MOST_CHATS = 2  # open at once for one counsellor
MINUTES_A_TALK = 25  # for an honest estimate, until talks of this service have been measured
PAIR_LASTS = 7 * DAY
IDLE_SIGN_OUT = 20 * MINUTE  # of the desk without any heartbeat from its page
