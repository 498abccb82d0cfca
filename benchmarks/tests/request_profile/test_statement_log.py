"""Statements and transactions are counted as PostgreSQL logs them."""

from pathlib import Path

from benchmarks.request_profile.statement_log import StatementLog

ONE, OTHER = 11, 22


def line(process: int, text: str) -> str:
    return f"2026-11-29 12:00:00.000 UTC [{process}] LOG:  {text}\n"


def logged(*lines: str, folder: Path) -> StatementLog:
    (folder / "log").write_text("".join(lines))
    return StatementLog(folder / "log")


def test_a_transaction_is_counted_once_whatever_it_holds(tmp_path: Path) -> None:
    found = logged(
        line(ONE, "statement: BEGIN"),
        line(ONE, "execute _pg3_0: SELECT 1"),
        line(OTHER, "statement: select 2"),
        line(ONE, "statement: SAVEPOINT a"),
        line(ONE, "statement: ROLLBACK TO SAVEPOINT a"),
        line(ONE, "execute <unnamed>: \n\tUPDATE x"),
        line(ONE, "statement: COMMIT"),
        line(OTHER, "statement: BEGIN"),
        line(OTHER, "statement: ROLLBACK"),
        folder=tmp_path,
    ).read()
    assert found.transactions == 3
    assert found.by_verb == {
        "BEGIN": 2,
        "SELECT": 2,
        "SAVEPOINT": 1,
        "ROLLBACK": 2,
        "UPDATE": 1,
        "COMMIT": 1,
    }


def test_other_lines_are_no_statements(tmp_path: Path) -> None:
    found = logged(
        line(ONE, "checkpoint starting: time"),
        "\tSELECT 1\n",
        f"2026-11-29 12:00:00.000 UTC [{ONE}] ERROR:  statement: SELECT\n",
        folder=tmp_path,
    ).read()
    assert not found.by_verb
    assert found.transactions == 0


def test_a_read_goes_on_where_the_last_one_ended_also_within_a_transaction(tmp_path: Path) -> None:
    log = logged(line(ONE, "statement: BEGIN"), "2026 unfinished", folder=tmp_path)
    assert log.read().by_verb == {"BEGIN": 1}
    with (tmp_path / "log").open("a") as file:
        file.write("\n" + line(ONE, "statement: INSERT INTO x") + line(ONE, "statement: COMMIT"))
    found = log.read()
    assert found.by_verb == {"BEGIN": 1, "INSERT": 1, "COMMIT": 1}
    assert found.transactions == 1
