"""Tests of the submissions service, with real backing services, which they start themselves."""
