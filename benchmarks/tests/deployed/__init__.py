"""Tests that deploy both architectures as they are, on the real backing services."""
