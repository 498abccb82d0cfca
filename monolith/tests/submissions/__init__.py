"""Tests of the app `submissions`."""
