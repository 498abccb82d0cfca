"""Tests of the page in a real browser: `flow/` with a target, `states/` with a fake API."""
