"""Tests of the recognizer's measurements."""
