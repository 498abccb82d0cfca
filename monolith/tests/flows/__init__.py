"""Tests of whole flows: with a worker, with processes, with parts that go away."""
