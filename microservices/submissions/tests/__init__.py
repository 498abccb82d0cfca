"""Tests of the submissions service. They stand on real parts, which they start themselves."""
