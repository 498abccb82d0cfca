"""Read format and size from an image's first bytes, without decoding a pixel."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from imaging.errors import ImageTooLarge, ImageUnsupported
from imaging.limits import Limits
from imaging.metadata import pixels_only
from imaging.pillow_errors import corrupt_image

# Many telephones write MPO, a JPEG with further images after the first. Pillow reads it with the
# JPEG plugin, which calls this one.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
}


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """Media type and size as the file states them: pixels, before any EXIF orientation."""

    media_type: str
    width: int
    height: int


def inspect_image(data: bytes, *, limits: Limits) -> ImageHeader:
    """Read the header only: cheap for any image, so an API can do it in a request.

    Raises ImageTooLarge (bytes or pixels), ImageUnsupported (not JPEG, PNG, WebP or GIF),
    ImageCorrupt (begins as one of these, but has no readable header).
    """
    require_supported(data, limits=limits)
    with open_image(pixels_only(data, head=True).data, limits=limits) as image:
        return ImageHeader(media_type_of(image), image.width, image.height)


def require_supported(data: bytes, *, limits: Limits) -> None:
    """Raise ImageTooLarge (bytes) or ImageUnsupported (no supported format)."""
    if len(data) > limits.max_bytes:
        raise ImageTooLarge(f"The image has more than {limits.max_bytes} bytes.")
    if not _begins_as_supported(data):
        raise ImageUnsupported("Only JPEG, PNG, WebP and GIF images are supported.")


def open_image(data: bytes, *, limits: Limits) -> Image.Image:
    """Open the result of pixels_only lazily: no pixel is decoded yet.

    Raises ImageTooLarge (pixels) and ImageCorrupt.
    """
    try:
        with corrupt_image("The image's header can't be read."):
            image = Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(limits) from None
    if image.width * image.height > limits.max_pixels:
        image.close()
        raise _too_many_pixels(limits)
    return image


def media_type_of(image: Image.Image) -> str:
    """Return the media type of an image from open_image."""
    return _MEDIA_TYPES[image.format or ""]


def _begins_as_supported(data: bytes) -> bool:
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    )


def _too_many_pixels(limits: Limits) -> ImageTooLarge:
    return ImageTooLarge(f"The image has more than {limits.max_pixels} pixels.")
