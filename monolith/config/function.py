"""The function on AWS Lambda: sets Django up, once per cold start, before its handler is called."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from submissions.handler import handler  # noqa: E402 - its models need the settings

__all__ = ["handler"]
