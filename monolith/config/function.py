"""The function on AWS Lambda: sets Django up, once per cold start, before its handler is called."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from recognition.services import recognizer_prepare  # noqa: E402 - its models need the settings
from submissions.handler import handler  # noqa: E402

recognizer_prepare()

__all__ = ["handler"]
