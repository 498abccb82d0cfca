"""Shared by the cases: the contract checker, the client, images, forged tokens."""
