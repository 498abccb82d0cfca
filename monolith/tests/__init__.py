"""Tests of the monolith. They stand on real parts, which they start themselves."""
