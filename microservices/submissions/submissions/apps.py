"""The app of submissions."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    """The app of submissions."""

    name = "submissions"
