"""Drives the page in a real browser: `flow/` against a target, `states/` against a fake API."""
