"""Tests of the offload experiment."""
