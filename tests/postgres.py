"""A PostgreSQL of our own for the tests: one throw-away cluster, a fresh database for each test."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from glob import glob
from pathlib import Path

import psycopg2


class Cluster:
    """Runs on a unix socket in a temporary folder. PostgreSQL refuses to run as root, so root lends it to `postgres`."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._folder = Path(tempfile.mkdtemp(prefix="sidedoor-pg-"))
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as:
            shutil.chown(self._folder, "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._run("initdb", "-D", str(self._folder / "data"), "-A", "trust", "-U", "sidedoor", "--no-sync")
        options = f"-k {self._folder} -p {self._port} -c listen_addresses= -c fsync=off"
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-o", options, "-w", "-l", str(self._folder / "log"), "start")

    def new_database(self) -> str:
        """Make an empty database; return its SQLAlchemy URL."""
        name = f"test_{next(self._numbers)}"
        connection = psycopg2.connect(host=str(self._folder), port=self._port, user="sidedoor", dbname="postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        connection.close()
        return f"postgresql+psycopg2://sidedoor@/{name}?host={self._folder}&port={self._port}"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        subprocess.run([*self._as, found(program), *words], check=True, capture_output=True, cwd="/")


def found(program: str) -> str:
    """Where a program of PostgreSQL lies; "" when it is not on this machine."""
    lies = shutil.which(program) or next(iter(sorted(glob(f"/usr/lib/postgresql/*/bin/{program}"), reverse=True)), "")
    return str(lies)
