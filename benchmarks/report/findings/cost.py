"""The page on cost: what a month of each deployment costs on AWS, and where costs cross."""

from typing import Any

NAME = "findings-cost"


def context(document):
    return {}
