"""Tests of the submissions service, with real backing services, which they start themselves."""

import pytest

# Assertions of helpers report values, as those of tests do.
pytest.register_assert_rewrite("tests.gateway", "tests.processes")
