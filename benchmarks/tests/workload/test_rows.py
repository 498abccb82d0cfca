"""Raw rows survive the file, and a file of other columns is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.experiments.runner.results_folder import compress
from benchmarks.workload.rows import FLUSH_EVERY, Row, RowWriter, read_rows

seconds = st.floats(0, 1e6).map(lambda value: round(value, 6))
text = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=40)
rows = st.lists(
    st.builds(
        Row,
        phase=st.sampled_from(["prepare", "warm-up", "window", "drain"]),
        step=st.integers(-1, 64),
        user=st.integers(0, 99),
        name=text,
        intended_at=seconds,
        started_at=seconds,
        started_wall=seconds,
        latency_ms=st.floats(0, 1e5).map(lambda value: round(value, 3)),
        status=st.integers(0, 599),
        submission_id=text,
        error=text,
    ),
    max_size=5,
)


@given(rows)
def test_rows_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, written: list[Row]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "rows.csv"
    writer = RowWriter(path)
    for row in written:
        writer.write(row)
    writer.close()
    assert list(read_rows(path)) == written
    assert list(read_rows(compress(path))) == written


def test_rows_are_on_disk_before_the_end(tmp_path: Path) -> None:
    writer = RowWriter(tmp_path / "rows.csv")
    for _ in range(FLUSH_EVERY):
        writer.write(Row("window", 1, 1, "/", 0.0, 0.0, 0.0, 1.0, 200, "", ""))
    assert len(list(read_rows(tmp_path / "rows.csv"))) == FLUSH_EVERY
    writer.close()


def test_what_a_killed_generator_left_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    writer = RowWriter(path)
    assert list(read_rows(path)) == [], "the columns are there from the start"
    for _ in range(3):
        writer.write(Row("window", 1, 1, "/", 0.0, 0.0, 0.0, 1.0, 200, "", ""))
    writer.close()
    path.write_text(path.read_text()[:-12])
    assert len(list(read_rows(path))) == 2
    path.write_text("")
    assert list(read_rows(path)) == []


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("time,latency\n1,2\n")
    with pytest.raises(ValueError, match="other columns"):
        list(read_rows(path))
