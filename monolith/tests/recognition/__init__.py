"""Tests of the app `recognition`."""
