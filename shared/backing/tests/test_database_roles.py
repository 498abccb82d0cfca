"""Each database has a role of its own, which can use it and no other: tried on a real PostgreSQL.

Of local targets, as `Backing` creates them, and of Compose and Kubernetes, as their scripts do.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from backing import Backing, Supervisor, postgres
from backing.binaries import postgres_folder

SHARED = Path(__file__).parents[2]
OF_COMPOSE = SHARED / "backing" / "compose" / "databases.sql"
OF_KUBERNETES = SHARED / "deploy" / "kubernetes" / "backing" / "databases.sql"
UNITS = ("monolith", "submissions")
PASSWORDS = {name: f"it's \\ {name}'s" for name in UNITS}
FOREIGN = ("postgres", "template1")


@contextmanager
def prepared(folder: Path, script: Path, runs: Sequence[Mapping[str, str]]) -> Iterator[Backing]:
    """Run a script on an empty PostgreSQL as the container does, once with each environment."""
    with Supervisor(folder) as supervisor:
        started = Backing.start(supervisor, services=["postgres"])
        command = [str(postgres_folder() / "psql"), "-v", "ON_ERROR_STOP=1", "--no-psqlrc"]
        command += ["-h", "127.0.0.1", "-p", str(started.ports["postgres"]), "-U", "postgres"]
        for given in runs:
            environment = {**os.environ, **given, "PGPASSWORD": started.password}
            subprocess.run(
                [*command, "-f", str(script)], check=True, env=environment, timeout=30, cwd="/"
            )
        yield started


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backing]:
    with Supervisor(tmp_path_factory.mktemp("local")) as supervisor:
        yield Backing.start(supervisor, services=["postgres"], databases=UNITS)


@pytest.fixture(scope="module")
def compose(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backing]:
    given = {f"{name.upper()}_DATABASE_PASSWORD": it for name, it in PASSWORDS.items()}
    with prepared(tmp_path_factory.mktemp("compose"), OF_COMPOSE, [given]) as started:
        yield started


@pytest.fixture(scope="module")
def kubernetes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backing]:
    """Both units on one server, though each has one of its own there."""
    runs = [{"UNIT_DATABASE": name, "UNIT_DATABASE_PASSWORD": it} for name, it in PASSWORDS.items()]
    with prepared(tmp_path_factory.mktemp("kubernetes"), OF_KUBERNETES, runs) as started:
        yield started


@pytest.fixture(params=["local", "compose", "kubernetes"])
def roles(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """The connection string of each unit's role, without a database."""
    server: Backing = request.getfixturevalue(request.param)
    passwords = server.owner_passwords if request.param == "local" else PASSWORDS
    return {
        name: psycopg.conninfo.make_conninfo(
            host="127.0.0.1",
            port=server.ports["postgres"],
            connect_timeout=5,
            user=name,
            password=passwords[name],
        )
        for name in UNITS
    }


@pytest.mark.parametrize("unit", UNITS)
def test_a_role_uses_its_own_database(roles: Mapping[str, str], unit: str) -> None:
    with psycopg.connect(roles[unit], dbname=unit) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("CREATE TEMPORARY TABLE scratch (id int)")
        connection.rollback()


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("other", [*UNITS, *FOREIGN])
def test_a_role_is_refused_at_every_other_database(
    roles: Mapping[str, str], unit: str, other: str
) -> None:
    if other == unit:
        pytest.skip("its own")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(roles[unit], dbname=other)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE DATABASE more",
        "CREATE ROLE more",
        "ALTER ROLE {unit} SUPERUSER",
        "GRANT CONNECT ON DATABASE postgres TO {unit}",
        "SET ROLE postgres",
        "SELECT pg_read_file('postgresql.conf')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ],
)
@pytest.mark.parametrize("unit", UNITS)
def test_a_role_has_no_privilege_beyond_its_database(
    roles: Mapping[str, str], unit: str, statement: str
) -> None:
    with (
        psycopg.connect(roles[unit], dbname=unit, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.format(unit=unit).encode())


def test_the_superuser_s_url_is_that_of_a_database_without_a_role(local: Backing) -> None:
    assert postgres.USER in local.database_url("postgres")
    assert local.password not in local.database_url("monolith")
    with psycopg.connect(local.database_url("postgres")) as connection:
        found = connection.execute("SELECT rolname FROM pg_roles WHERE rolsuper").fetchall()
    assert found == [(postgres.USER,)]
