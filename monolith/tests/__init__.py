"""Tests of the monolith, with real backing services, which they start themselves."""
