"""Tests of the project: imports, settings, dependencies."""
