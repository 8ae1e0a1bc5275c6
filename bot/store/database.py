"""The database: opened once, checked, brought up to date, and locked so that one server at a time uses it.

SQLite by default (one file, WAL, `synchronous=FULL`, `secure_delete` verified on each connection); any SQLAlchemy URL by
setting. Raises StoreError for whatever stands in the way: the handoff closes, and bot, helplines and 999 go on.
"""

from __future__ import annotations

import contextlib
import fcntl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DatabaseError, InterfaceError
from sqlalchemy.pool import NullPool

from bot.errors import StoreError
from bot.store.points import reached

_BUSY = 3.0  # seconds to wait for the command line, the only other writer
_MIGRATIONS = Path(__file__).parent / "migrations"
_ADVISORY = 740_018_101  # PostgreSQL's number for our one-server lock
_CHECKPOINTS = 5  # tries


class Database:
    """One database. Every change goes through `change`, which commits it whole or not at all."""

    def __init__(self, url: str) -> None:
        """Open `url`, make what is missing and bring the tables up to date. Raises StoreError."""
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._one_at_a_time = threading.RLock()
        self._lock_file: IO[str] | None = None
        self._lock_connection: Connection | None = None
        with _as_store_error():
            self.file = Path(self.url.database).resolve() if self.is_sqlite else None
            if self.file:
                self.file.parent.mkdir(parents=True, exist_ok=True)
            self.engine = _engine(url, self.is_sqlite)
            self._migrate()
            if self.file:
                self.file.chmod(0o600)

    @contextlib.contextmanager
    def change(self) -> Iterator[Connection]:
        """Yield a connection in one transaction; committed (to the disk) at the end, undone by any error."""
        with self._one_at_a_time, _as_store_error(), self.engine.connect() as raw:
            connection = raw.execution_options(writes=True)
            with connection.begin():
                yield connection
                reached("before commit")
        reached("after commit")

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection to read with."""
        with _as_store_error(), self.engine.connect() as connection:
            yield connection

    def lock(self) -> None:
        """Become the one server of this database. Raises StoreError when another has it."""
        if self.file:
            self._lock_file = open(f"{self.file}.lock", "w")  # noqa: SIM115  # held open as long as the server runs
            try:
                fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise StoreError("Another server already uses this database. Stop it, or set SIDEDOOR_DATABASE.") from None
            return
        with _as_store_error():
            self._lock_connection = self.engine.connect()
            got = self._lock_connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": _ADVISORY}).scalar()
        if not got:
            raise StoreError("Another server already uses this database. Stop it, or set SIDEDOOR_DATABASE.")

    def checkpoint(self) -> bool:
        """Empty SQLite's write-ahead log, so that nothing deleted stays in it. False when a reader kept it busy."""
        if not self.is_sqlite:
            return True
        with _as_store_error():
            for _ in range(_CHECKPOINTS):
                with self._one_at_a_time, self.engine.connect() as connection:
                    if not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]:
                        return True
        return False

    def close(self) -> None:
        """Give up the lock and every connection."""
        if self._lock_connection:
            self._lock_connection.close()
        if self._lock_file:
            self._lock_file.close()
        self.engine.dispose()

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with self.engine.connect() as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _engine(url: str, is_sqlite: bool) -> Engine:
    if not is_sqlite:
        return create_engine(url, future=True, pool_pre_ping=True)
    engine = create_engine(url, future=True, poolclass=NullPool, connect_args={"timeout": _BUSY, "check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """A change takes the write lock at once, so that nothing it has read can change under it; reading takes none."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare(raw: Any, _: Any) -> None:
    """Set and verify what a connection must do; a SQLite built without secure deletion is refused."""
    raw.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY"):
        raw.execute(f"PRAGMA {pragma}").close()
    if raw.execute("PRAGMA secure_delete").fetchone()[0] != 1 or raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        raise StoreError("This SQLite cannot overwrite what it deletes. Use another build, or PostgreSQL.")


@contextlib.contextmanager
def _as_store_error() -> Iterator[None]:
    """Only the class of a database error goes on: its text can hold a row."""
    try:
        yield
    except (DatabaseError, InterfaceError, OSError) as error:
        raise StoreError(f"The handoff's database cannot be used ({_plain(error)}).") from None


def _plain(error: BaseException) -> str:
    said = str(getattr(error, "orig", error))
    for sign, words in (
        ("locked", "it is locked by another program"),
        ("full", "the disk is full"),
        ("malformed", "the file is damaged: restore a backup"),
        ("not a database", "the file is damaged: restore a backup"),
        ("readonly", "the file cannot be written"),
    ):
        if sign in said:
            return words
    return type(error).__name__


def sqlite_url(folder: Path) -> str:
    """The URL of the default file in a folder."""
    return f"sqlite:///{(folder / 'sidedoor.db').resolve()}"
