"""Tests of whole flows: with a worker, with processes, with unavailable backing services."""
