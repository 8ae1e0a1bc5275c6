"""The steps of one's own sign-in, and of an administrator who keeps accounts and reads no text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import segno

from bot.counsellor.talk_steps import Asked, Handler
from bot.handoff import accounts as book
from bot.house import Handoff


class AccountSteps:
    """Everything around accounts and sessions."""

    def __init__(self, handoff: Handoff) -> None:
        self._sign_in, self._office = handoff.sign_in, handoff.office

    def handlers(self) -> dict[str, Handler]:
        """Step name -> handler."""
        return {
            "sessions": self.sessions, "sign-out": self.sign_out, "sign-out-everywhere": self.sign_out_everywhere,
            "first-secret": self.first_secret, "first-finish": self.first_finish, "accounts": self.accounts,
            "account-add": self.add, "account-reset": self.reset, "account-disable": self.disable, "account-role": self.role,
        }  # fmt: skip

    async def sessions(self, asked: Asked) -> dict[str, Any]:
        """My sessions."""
        found = await asyncio.to_thread(self._sign_in.sessions, asked.seat)
        return {"sessions": [{**one, "this": one["id"] == asked.session.id} for one in found]}

    async def sign_out(self, asked: Asked) -> dict[str, Any]:
        """End one of my sessions; this one unless told otherwise."""
        session = asked.said.get("session") or asked.session.id
        await asyncio.to_thread(self._sign_in.sign_out, str(session), asked.seat)
        return {}

    async def sign_out_everywhere(self, asked: Asked) -> dict[str, Any]:
        """End all my sessions."""
        with self._office.db.change() as connection:
            book.sign_out_everywhere(connection, asked.seat.account)
        self._office.presence.gone(asked.seat.account)
        return {}

    async def first_secret(self, asked: Asked) -> dict[str, Any]:
        """The QR code for the code app, drawn here, and its key to type by hand."""
        address = await asyncio.to_thread(self._sign_in.secret_for_app, asked.seat)
        drawn = segno.make(address, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff")
        return {"svg": drawn, "key": address.split("secret=")[1].split("&")[0]}

    async def first_finish(self, asked: Asked) -> dict[str, Any]:
        """Set my own passphrase, confirm the app, and give the recovery codes once."""
        codes = await asyncio.to_thread(self._sign_in.finish_first, asked.seat, asked.text("passphrase"), asked.text("code"))
        return {"recovery": codes}

    async def accounts(self, asked: Asked) -> dict[str, Any]:
        """All accounts: no keys, no texts."""
        with self._office.db.read() as connection:
            shown = ("login", "name", "role", "active", "totp_seen")
            return {"accounts": [{name: row[name] for name in shown} for row in book.everybody(connection)]}

    async def add(self, asked: Asked) -> dict[str, Any]:
        """Add an account; the one-time passphrase is shown this once."""
        login, name, role = asked.text("login"), asked.text("name"), asked.text("role")
        given = await self._fresh(asked, lambda c, now, by: book.add(c, self._office.service, now, login, name, role, by))
        return {"login": given.login, "passphrase": given.passphrase}

    async def reset(self, asked: Asked) -> dict[str, Any]:
        """Reset an account; `lost` counts what nobody else can open."""
        login = asked.text("login")
        given = await self._fresh(asked, lambda c, now, by: book.reset(c, self._office.service, now, login, by))
        return {"login": given.login, "passphrase": given.passphrase, "lost": given.lost}

    async def disable(self, asked: Asked) -> dict[str, Any]:
        """Shut an account."""
        login = asked.text("login")
        await self._fresh(asked, lambda c, now, by: book.disable(c, now, login, by))
        return {}

    async def role(self, asked: Asked) -> dict[str, Any]:
        """Change a role."""
        login, role = asked.text("login"), asked.text("role")
        await self._fresh(asked, lambda c, now, by: book.change_role(c, now, login, role, by))
        return {}

    async def _fresh(self, asked: Asked, change: Callable[[Any, float, str], Any]) -> Any:
        """Make a change of accounts, after a new code from the app."""
        await asyncio.to_thread(self._sign_in.is_fresh, asked.seat, asked.text("code"))

        def work() -> Any:
            with self._office.db.change() as connection:
                return change(connection, self._office.clock(), asked.seat.account)

        return await asyncio.to_thread(work)
