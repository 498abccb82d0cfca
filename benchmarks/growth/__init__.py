"""Measure whether a request costs more when the database holds more submissions.

For each architecture one target is deployed for each size. Their databases are filled, and the
calls of each kind are made on all of them in turn.
"""
