"""Tests of whole flows: with a worker, with processes, with unavailable backing services."""

import pytest

# Assertions of helpers report values, as those of tests do.
pytest.register_assert_rewrite("tests.flows.gateway", "tests.flows.processes")
