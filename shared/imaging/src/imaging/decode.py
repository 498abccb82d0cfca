"""Decode untrusted bytes and encode an image that is safe to store, to show and to process.

The image is decoded within the limits, rotated by its EXIF orientation, and encoded again from its
pixels alone. So the stored image has nothing else of the file (EXIF with a position, ICC profile,
comments, a second format appended).

The format is kept, since its sender chose it for the content: JPEG and WebP stay lossy and small,
PNG stays lossless. Only GIF becomes PNG: the first frame needs no animation format, and PNG stores
its colours and transparency without loss.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import Image

from imaging.errors import ImageCorrupt
from imaging.header import media_type_of, open_image, require_supported
from imaging.limits import Limits
from imaging.metadata import PixelsOnly, pixels_only
from imaging.pillow_errors import corrupt_image

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SAVED_AS: dict[str, tuple[str, str, dict[str, Any]]] = {
    # At 90 a copy looks like its source; above, the size grows fast.
    "image/jpeg": ("JPEG", "image/jpeg", {"quality": 90}),
    # Method 1 takes a quarter more CPU for one percent fewer bytes, and is no closer to the source.
    "image/webp": ("WEBP", "image/webp", {"quality": 90, "method": 0}),
    # Level 3 takes half as much CPU again, and level 6 several times, for some percent fewer bytes.
    "image/png": ("PNG", "image/png", {"compress_level": 1}),
    "image/gif": ("PNG", "image/png", {"compress_level": 1}),
}
_JPEG_END = b"\xff\xd9"
# Two continuations of the data, each ending in the marker: zeros decode to other pixels than these
# bits, unless the pixels were complete.
_JPEG_FILLER = b"\x55" * 4096 + _JPEG_END
_ROWS_AT_ONCE = 256


@dataclass(frozen=True)
class NormalizedImage:
    """An image as it is stored: oriented, first frame, no metadata.

    ``data`` are the encoded bytes, ``media_type`` and ``sha256`` (hex) are theirs; ``pil_image``
    holds the same pixels as RGB, with transparent ones on white.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    sha256: str
    pil_image: Image.Image

    @cached_property
    def pixels(self) -> "NDArray[np.uint8]":
        """Return RGB, height x width x 3. Needs numpy (the extra ``centerface``)."""
        import numpy as np  # noqa: PLC0415 - numpy is an optional dependency

        return np.asarray(self.pil_image)


def normalize_image(data: bytes, *, limits: Limits) -> NormalizedImage:
    """Decode, orient, take the first frame, and encode again without metadata.

    Raises ImageTooLarge, ImageUnsupported and ImageCorrupt.
    """
    require_supported(data, limits=limits)
    source = pixels_only(data)
    pil_image, media_type = _decoded(source, limits)
    saved, saved_media_type = _saved(pil_image, media_type, lossless=source.lossless)
    return NormalizedImage(
        data=saved,
        media_type=saved_media_type,
        width=pil_image.width,
        height=pil_image.height,
        sha256=sha256(saved).hexdigest(),
        pil_image=_on_white(pil_image),
    )


def _saved(pil_image: Image.Image, media_type: str, *, lossless: bool) -> tuple[bytes, str]:
    """Return the encoded bytes and their media type."""
    try:
        return _encoded(pil_image, media_type)
    except (OSError, ValueError) as error:
        # libwebp can't encode it: the modes of large and noisy images take more than 512 kB.
        # libjpeg and zlib have no such limit.
        if media_type != "image/webp" or type(error) not in {OSError, ValueError}:
            raise
        opaque = pil_image.mode == "RGB"
        return _encoded(pil_image, "image/jpeg" if opaque and not lossless else "image/png")


def _encoded(pil_image: Image.Image, media_type: str) -> tuple[bytes, str]:
    saved_format, saved_media_type, options = _SAVED_AS[media_type]
    buffer = BytesIO()
    pil_image.save(buffer, saved_format, **options)
    return buffer.getvalue(), saved_media_type


def _decoded(source: PixelsOnly, limits: Limits) -> tuple[Image.Image, str]:
    """Return the pixels and the source's media type, and free the decoder's memory."""
    with open_image(source.data, limits=limits) as image:
        media_type = media_type_of(image)
        try:
            with corrupt_image("The image can't be decoded."):
                return _bare(image, source.orientation), media_type
        except ImageCorrupt:
            if media_type != "image/jpeg" or source.data.endswith((_JPEG_END, _JPEG_FILLER)):
                raise
    return _without_end_marker(source, limits)


def _without_end_marker(source: PixelsOnly, limits: Limits) -> tuple[Image.Image, str]:
    """Decode a JPEG without its end marker, if its pixels are complete.

    Browsers show such a file and fill missing pixels with grey; here a truncated image is corrupt.
    Pixels are complete if they don't depend on the bytes that follow them.
    """
    data = source.data.rstrip(b"\xff")  # half a marker
    ended, filled = (replace(source, data=data + end) for end in (_JPEG_END, _JPEG_FILLER))
    pil_image, _ = _decoded(filled, limits)
    expected = _pixels_digest(pil_image)
    del pil_image  # two of them would take twice the memory
    pil_image, media_type = _decoded(ended, limits)
    if _pixels_digest(pil_image) != expected:
        raise ImageCorrupt("The image can't be decoded.")
    return pil_image, media_type


def _pixels_digest(pil_image: Image.Image) -> bytes:
    digest = sha256()
    for top in range(0, pil_image.height, _ROWS_AT_ONCE):
        bottom = min(top + _ROWS_AT_ONCE, pil_image.height)
        digest.update(pil_image.crop((0, top, pil_image.width, bottom)).tobytes())
    return digest.digest()


def _bare(image: Image.Image, orientation: int) -> Image.Image:
    """Return RGB or RGBA pixels, oriented, without metadata that an encoder would write."""
    image.load()
    turn = _TURNS.get(orientation)
    if image.mode.startswith("I"):
        # 16 bits per channel: Pillow would clip at 255 instead of scaling.
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    pil_image = image if image.mode == mode else image.convert(mode)
    if turn is not None:
        pil_image = pil_image.transpose(turn)
    if pil_image is image and image.format == "WEBP":
        # An open WebP keeps its decoder, three times the image's memory; others keep nothing,
        # and a copy of 40 megapixels is 160 MB.
        pil_image = image.copy()
    pil_image.info = {}
    return pil_image


def _on_white(pil_image: Image.Image) -> Image.Image:
    if pil_image.mode == "RGB":
        return pil_image
    white = Image.new("RGB", pil_image.size, "white")
    white.paste(pil_image, mask=pil_image.getchannel("A"))
    return white
