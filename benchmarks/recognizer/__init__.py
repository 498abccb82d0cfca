"""The recognizer's cost: time per image over sizes, threads and pools, and beside thumbor."""
