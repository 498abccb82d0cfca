"""Remove metadata from an image file, without decoding anything.

Metadata then can't stop a decoder: text of megabytes, a colour profile that decompresses to more
than Pillow reads, a wrong checksum of a chunk without pixels, a million comments. Only the EXIF
orientation is read. The remaining bytes are unchanged, so that broken pixels are still broken.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT"})
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
_PNG_FRAMING = 12  # length, name, checksum
# Markers without a segment: none, TEM, RSTn, and the fill byte before a marker.
_JPEG_ALONE = frozenset({0x00, 0x01, *range(0xD0, 0xD9), 0xFF})
_JPEG_SEGMENT = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
_JPEG_START_OF_SCAN, _JPEG_END = 0xDA, 0xD9
_JPEG_APP0, _JPEG_APP1, _JPEG_ADOBE = 0xE0, 0xE1, 0xEE
_JPEG_DROPPED = frozenset({*range(0xE2, 0xEE), 0xEF, 0xFE})  # the other APPn, and comments
_JPEG_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
# Pillow reads each segment before the first scan in Python. Cameras write some twenty.
_JPEG_KEPT_MAX = 1000
# Each takes a pass over all pixels, whatever it holds. Progressive encoders write some ten.
_JPEG_SCANS_MAX = 100
_ADOBE_BYTES = 12
_EXIF_PREFIX = b"Exif\0\0"
_WEBP_PIXELS = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"})
_WEBP_ALPHA_OR_ANIMATION = 0x12
_GIF_HEAD_BYTES, _GIF_DESCRIPTOR_BYTES = 13, 10
_GIF_EXTENSION, _GIF_IMAGE = 0x21, 0x2C
_GIF_CONTROL, _GIF_TRAILER = b"\xf9", b"\x3b"
_GIF_BLOCK = re.compile(rb"[\x21\x2c\x3b]")
_ORIENTATION_TAG = 0x0112
_MAX_TAGS = 1000
# What has more segments, chunks or blocks before its pixels has none. Files of so many exist only
# to take time.
_MAX_BLOCKS = 2**20
_BYTE, _SHORT, _LONG = 1, 3, 4


@dataclass(frozen=True, slots=True)
class PixelsOnly:
    """The file without its metadata; ``orientation`` from EXIF, or 1.

    ``lossless`` is whether the pixels are stored without loss.
    """

    data: bytes
    orientation: int
    lossless: bool


def pixels_only(data: bytes, *, head: bool = False) -> PixelsOnly:
    """Return the file with only the data that its pixels depend on. Raises nothing.

    With ``head``, a PNG may end where its pixels begin: enough to read its size. A file of an
    unknown format, or with a broken begin, is returned unchanged.
    """
    if data.startswith(_PNG_SIGNATURE):
        return _png(data, head=head)
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return PixelsOnly(_first_gif_frame(data), 1, lossless=True)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    return PixelsOnly(data, 1, lossless=False)


def exif_orientation(exif: bytes) -> int:
    """Return the orientation of an EXIF block, 1 to 8, or 1 if it has none."""
    tiff = exif.removeprefix(_EXIF_PREFIX)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        for entry in range(at + 2, at + 2 + 12 * min(count, _MAX_TAGS), 12):
            tag, kind = struct.unpack_from(f"{order}HH", tiff, entry)
            if tag == _ORIENTATION_TAG:
                form = {_BYTE: "B", _SHORT: "H", _LONG: "I"}.get(kind)
                value = struct.unpack_from(f"{order}{form}", tiff, entry + 8)[0] if form else 1
                return value if 1 <= value <= 8 else 1  # noqa: PLR2004 - EXIF's eight
    except struct.error:
        return 1
    return 1


def _png(data: bytes, *, head: bool) -> PixelsOnly:
    kept = [_PNG_SIGNATURE]
    seen: set[bytes] = set()
    orientation = 1
    for name, start, end in _png_chunks(data):
        if name == b"IEND":
            break
        if name == b"IDAT" or (name in _PNG_CRITICAL and name not in seen):
            kept.append(data[start:end])
            seen.add(name)
            if head and name == b"IDAT":
                break
        elif name == b"tRNS" and name not in seen and _checked(data[start:end]):
            kept.append(data[start:end])
            seen.add(name)
        elif name == b"eXIf" and name not in seen and _checked(data[start:end]):
            orientation = exif_orientation(data[start + 8 : end - 4])
            seen.add(name)
    return PixelsOnly(b"".join([*kept, _PNG_END]), orientation, lossless=True)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and end of each chunk; the last may be truncated."""
    at = len(_PNG_SIGNATURE)
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        end = at + _PNG_FRAMING + length
        yield data[at + 4 : at + 8], at, min(end, len(data))
        at = end


def _checked(chunk: bytes) -> bool:
    return len(chunk) >= _PNG_FRAMING and zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:])


def _jpeg(data: bytes) -> PixelsOnly:
    kept = [b"\xff\xd8"]
    exif: bytes | None = None
    at, size, rest = 2, len(data), b""
    for _ in range(_MAX_BLOCKS):
        if at > size - 4:
            break
        if data[at] != 0xFF or data[at + 1] in _JPEG_ALONE:  # noqa: PLR2004
            # Decoders skip other bytes, and markers without a segment.
            found = _JPEG_SEGMENT.search(data, at, size - 2)
            if found is None:
                break
            at = found.start()
        marker = data[at + 1]
        if marker in {_JPEG_START_OF_SCAN, _JPEG_END}:
            rest = data[at:] if _scans(data, at) <= _JPEG_SCANS_MAX else b""
            break
        if len(kept) > _JPEG_KEPT_MAX:
            break
        end = at + 2 + max(data[at + 2] << 8 | data[at + 3], 2)
        if marker == _JPEG_APP1:
            if exif is None and data.startswith(_EXIF_PREFIX, at + 4, end):
                exif = data[at + 4 : end]
        elif marker not in _JPEG_DROPPED:
            kept.append(_jpeg_segment(marker, data[at:end]))
        at = end
    return PixelsOnly(b"".join([*kept, rest]), exif_orientation(exif or b""), lossless=False)


def _scans(data: bytes, at: int) -> int:
    """Return how many scans a JPEG has from `at` on, up to its end marker."""
    end = data.find(b"\xff\xd9", at)
    return data.count(b"\xff\xda", at, end if end >= 0 else len(data))


def _jpeg_segment(marker: int, segment: bytes) -> bytes:
    """Return what is kept of a segment: of APP0 and APP14 only the colour transform."""
    payload = segment[4:]
    if marker == _JPEG_APP0:
        return _JPEG_JFIF if payload.startswith(b"JFIF\0") else b""
    if marker == _JPEG_ADOBE:
        whole = payload.startswith(b"Adobe") and len(payload) >= _ADOBE_BYTES
        return segment if whole else b""
    return segment


def _webp(data: bytes) -> PixelsOnly:
    kept: list[bytes] = []
    exif: bytes | None = None
    frames = 0
    at = 12
    for _ in range(_MAX_BLOCKS):
        if at + 8 > len(data):
            break
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        if name == b"VP8X" and not kept:
            flags = data[at + 8 : at + 9]
            pixel_flags = bytes(flag & _WEBP_ALPHA_OR_ANIMATION for flag in flags)
            kept.append(data[at : at + 8] + pixel_flags + data[at + 9 : end])
        elif name == b"EXIF" and exif is None:
            exif = data[at + 8 : at + 8 + length]
        elif name in _WEBP_PIXELS and not (name == b"ANMF" and frames):
            frames += name == b"ANMF"
            kept.append(data[at:end] + bytes(length % 2 and end == len(data) + 1))
        at = end
    body = b"".join([b"WEBP", *kept])
    # A lossless image is a chunk of its own, or inside a frame.
    lossless = any(b"VP8L" in (chunk[:4], chunk[24:28]) for chunk in kept)
    riff = b"RIFF" + len(body).to_bytes(4, "little") + body
    return PixelsOnly(riff, exif_orientation(exif or b""), lossless)


def _first_gif_frame(data: bytes) -> bytes:
    """Return header, colours, the last control extension before the first image, and that image."""
    at = _GIF_HEAD_BYTES + _gif_colour_bytes(data[10:11])
    head, control, size = data[:at], b"", len(data)
    for _ in range(_MAX_BLOCKS):
        if at >= size:
            break
        kind = data[at]
        if kind == _GIF_EXTENSION:
            begin, at = at, at + 2
            while at < size and data[at]:
                at += data[at] + 1
            at += 1
            if data[begin + 1 : begin + 2] == _GIF_CONTROL:
                control = data[begin:at]
        elif kind == _GIF_IMAGE:
            begin, at = at, at + _GIF_DESCRIPTOR_BYTES + _gif_colour_bytes(data[at + 9 : at + 10])
            at += 1  # the size of the first code
            while at < size and data[at]:
                at += data[at] + 1
            return b"".join([head, control, data[begin : at + 1], _GIF_TRAILER])
        elif kind == _GIF_TRAILER[0]:
            break
        else:
            # Decoders skip other bytes.
            found = _GIF_BLOCK.search(data, at)
            at = found.start() if found else size
    return head + _GIF_TRAILER


def _gif_colour_bytes(flags: bytes) -> int:
    return 3 << (1 + (flags[0] & 7)) if flags and flags[0] & 0x80 else 0
