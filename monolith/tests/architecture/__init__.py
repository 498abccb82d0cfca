"""Tests of how the monolith is put together."""
