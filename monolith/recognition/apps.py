"""The recognition app."""

from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    """The recognition app."""

    name = "recognition"
