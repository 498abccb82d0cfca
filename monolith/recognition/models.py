"""The tables of recognition: a Recognition per finished processing, a Detection per face."""

from django.db import models


class Recognition(models.Model):
    """One finished processing of an image. `image_*` describes the stored image."""

    id = models.BigAutoField(primary_key=True)
    recognizer_name = models.CharField(max_length=100)
    recognizer_version = models.CharField(max_length=100)
    image_width = models.PositiveIntegerField()
    image_height = models.PositiveIntegerField()
    image_media_type = models.CharField(max_length=20)
    image_sha256 = models.CharField(max_length=64)
    detection_count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.id} by {self.recognizer_name}"


class Detection(models.Model):
    """One located face. The box is in fractions of the stored image's sides."""

    id = models.BigAutoField(primary_key=True)
    recognition = models.ForeignKey(
        Recognition, on_delete=models.CASCADE, related_name="detections"
    )
    label = models.CharField(max_length=20)
    score = models.FloatField()
    left = models.FloatField()
    top = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()

    def __str__(self) -> str:
        return f"{self.label} at {self.left:.2f}, {self.top:.2f}"
