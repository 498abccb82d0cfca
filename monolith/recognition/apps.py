"""The app of recognition."""

from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    """The app of recognition."""

    name = "recognition"
