"""Tests of faults on deployed targets. Assertions of their helpers report values, as tests' do."""

import pytest

pytest.register_assert_rewrite("benchmarks.tests.faults.verification")
