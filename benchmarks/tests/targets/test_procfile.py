from pathlib import Path

import pytest
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.local.procfile import read_procfile


def test_comments_and_order(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("# what runs\n\nweb: serve --port $PORT\nworker: a: b\n")
    assert list(read_procfile(tmp_path).items()) == [
        ("web", "serve --port $PORT"),
        ("worker", "a: b"),
    ]


@pytest.mark.parametrize("line", ["web", "web:", ": serve", "two words: serve"])
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "Procfile").write_text(f"ok: true\n{line}\n")
    with pytest.raises(ValueError, match=r"Procfile:2"):
        read_procfile(tmp_path)


@pytest.mark.parametrize("name", list(ARCHITECTURES))
def test_every_unit_and_edge_has_a_procfile(name: str) -> None:
    architecture = ARCHITECTURES[name]
    assert "edge" in read_procfile(architecture.edge_folder)
    for unit in architecture.units:
        assert ("web" in read_procfile(unit.folder)) is (unit.upstreams is not None)
