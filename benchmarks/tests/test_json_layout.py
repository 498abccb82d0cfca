"""The text of a document holds it unchanged, and a plain entry is a line."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.json_layout import lay_out

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
DOCUMENTS = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@given(DOCUMENTS)
def test_the_text_gives_the_document_back(document: Any) -> None:
    assert json.loads(lay_out(document)) == document


@pytest.mark.parametrize(
    ("document", "lines"),
    [
        ({"a": 1, "b": [], "c": {}}, ['{"a": 1, "b": [], "c": {}}']),
        ({"a": [1, 2], "b": 3}, ["{", ' "a": [1, 2],', ' "b": 3', "}"]),
        ([{"a": 1}, {"a": 2}], ["[", ' {"a": 1},', ' {"a": 2}', "]"]),
        (({"a": (1, {})},), ["[", " {", '  "a": [1, {}]', " }", "]"]),
    ],
)
def test_what_holds_only_plain_values_is_one_line(document: Any, lines: list[str]) -> None:
    assert lay_out(document).splitlines() == lines
