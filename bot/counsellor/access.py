"""Who may do what at the desk: one table, from which the app makes its routes and the test its matrix.

An administrator keeps accounts and cannot read a text; a counsellor sees only their own talks; a supervisor sees to alarms,
joins visibly and confirms decisions.
"""

from __future__ import annotations

from bot.handoff.presence import ADMINISTRATOR, COUNSELLOR, SUPERVISOR

EVERYBODY = frozenset((COUNSELLOR, SUPERVISOR, ADMINISTRATOR))
LISTENERS = frozenset((COUNSELLOR, SUPERVISOR))
ONLY_COUNSELLORS = frozenset((COUNSELLOR,))
ONLY_SUPERVISORS = frozenset((SUPERVISOR,))
ONLY_ADMINISTRATORS = frozenset((ADMINISTRATOR,))
OVERSEERS = frozenset((SUPERVISOR, ADMINISTRATOR))

# Name of the step -> who may take it. Every one is POST /desk/api/<name>, with a session and its CSRF token.
MAY: dict[str, frozenset[str]] = {
    "me": EVERYBODY,
    "beat": EVERYBODY,
    "events": EVERYBODY,
    "sessions": EVERYBODY,
    "sign-out": EVERYBODY,
    "sign-out-everywhere": EVERYBODY,
    "first-secret": EVERYBODY,
    "first-finish": EVERYBODY,
    "look": LISTENERS,
    "open": LISTENERS,
    "say": LISTENERS,
    "typing": LISTENERS,
    "claim": ONLY_COUNSELLORS,
    "note": ONLY_COUNSELLORS,
    "offer-bot": ONLY_COUNSELLORS,
    "transfer": ONLY_COUNSELLORS,
    "close": ONLY_COUNSELLORS,
    "ask-supervisor": ONLY_COUNSELLORS,
    "answer-left": LISTENERS,
    "decide": LISTENERS,
    "side-notes": LISTENERS,
    "reply-side": ONLY_SUPERVISORS,
    "join": ONLY_SUPERVISORS,
    "confirm": ONLY_SUPERVISORS,
    "see-to": ONLY_SUPERVISORS,
    "audit": OVERSEERS,
    "accounts": ONLY_ADMINISTRATORS,
    "account-add": ONLY_ADMINISTRATORS,
    "account-reset": ONLY_ADMINISTRATORS,
    "account-disable": ONLY_ADMINISTRATORS,
    "account-role": ONLY_ADMINISTRATORS,
}
# Before the first sign-in is finished, nothing but these.
AT_FIRST = frozenset(("me", "first-secret", "first-finish", "sign-out"))
# Need no session: the page itself, its files and signing in.
OPEN = frozenset(("/", "/desk/api/sign-in", "/static"))
