"""What an image says of itself in its first bytes, read without decoding a pixel."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from imaging.errors import ImageTooLarge, ImageUnsupported
from imaging.limits import Limits
from imaging.metadata import pixels_only
from imaging.pillow_errors import corrupt_image

# MPO is what many telephones write: a JPEG with further pictures behind the first. Pillow reads
# it with the JPEG plugin, which hands over to this one.
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
    """Kind and size as the file states them: pixels, before any EXIF orientation."""

    media_type: str
    width: int
    height: int


def inspect_image(data: bytes, *, limits: Limits) -> ImageHeader:
    """Read the header alone: cheap whatever the image, so an API can do it in a request.

    Raises ImageTooLarge (bytes or pixels), ImageUnsupported (not JPEG, PNG, WebP or GIF),
    ImageCorrupt (begins as one of these, but has no readable header).
    """
    require_supported(data, limits=limits)
    with open_image(pixels_only(data, head=True).data, limits=limits) as image:
        return ImageHeader(media_type_of(image), image.width, image.height)


def require_supported(data: bytes, *, limits: Limits) -> None:
    """Raise ImageTooLarge (bytes) or ImageUnsupported (it begins as no kind that is read)."""
    if len(data) > limits.max_bytes:
        raise ImageTooLarge(f"The image has more than {limits.max_bytes} bytes.")
    if not _begins_as_supported(data):
        raise ImageUnsupported("Only JPEG, PNG, WebP and GIF images are read.")


def open_image(data: bytes, *, limits: Limits) -> Image.Image:
    """Open lazily what pixels_only left: no pixel is decoded yet.

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
    """Media type of an image that open_image gave."""
    return _MEDIA_TYPES[image.format or ""]


def _begins_as_supported(data: bytes) -> bool:
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    )


def _too_many_pixels(limits: Limits) -> ImageTooLarge:
    return ImageTooLarge(f"The image has more than {limits.max_pixels} pixels.")
