"""Mistakes in imaging, the library that both architectures carry: the same edit of one source."""

from functools import partial

from benchmarks.experiments.changes.editing import Edit
from benchmarks.experiments.changes.faulting import IMAGING
from benchmarks.experiments.changes.planting import fault, null

_fault = partial(fault, IMAGING)

_PACKAGE = "src/imaging"
_FETCH, _DECODE = f"{_PACKAGE}/fetch.py", f"{_PACKAGE}/decode.py"
_CENTERFACE = f"{_PACKAGE}/recognizers/centerface.py"

_CAP = """\
        if len(body) > limits.max_bytes:
            raise _too_large(limits)
    return bytes(body)
"""
_BOTH_CARRY = "both architectures carry the wheel that is built of it."

FAULTS = (
    _fault(
        "wrong-import",
        "wrong-import",
        "What an image says of itself is imported from where it isn't.",
        f"A module renamed in one's head only; {_BOTH_CARRY}",
        both=[
            Edit(
                _DECODE,
                "from imaging.header import media_type_of, open_image",
                "from imaging.headers import media_type_of, open_image",
            )
        ],
    ),
    _fault(
        "orientation-ignored",
        "input-ignored",
        "A picture isn't turned as its EXIF data say.",
        f"Photographs tried that were all taken upright; {_BOTH_CARRY}",
        both=[
            Edit(
                _DECODE,
                "    if turn is not None:\n",
                "    if turn is not None and image.mode != mode:\n",
            )
        ],
    ),
    _fault(
        "bytes-uncapped",
        "limit-ignored",
        "A body that doesn't state its length is read whole.",
        f"A bound dropped because there is another one above; {_BOTH_CARRY}",
        both=[Edit(_FETCH, _CAP, "    return bytes(body)\n")],
    ),
    _fault(
        "private-addresses",
        "check-weakened",
        "Addresses of private networks are fetched.",
        f"A condition dropped for a server on one's desk; {_BOTH_CARRY}",
        both=[
            Edit(
                f"{_PACKAGE}/addresses.py",
                "        address.is_global\n        and not address.is_multicast\n",
                "        not address.is_loopback\n        and not address.is_multicast\n",
            )
        ],
    ),
    _fault(
        "box-swapped",
        "values-swapped",
        "A box's left is its top, and its top its left.",
        f"Rows and columns mixed up, which a square hides; {_BOTH_CARRY}",
        both=[
            Edit(
                _CENTERFACE,
                "return left, top, right - left, bottom - top",
                "return top, left, bottom - top, right - left",
            )
        ],
    ),
    _fault(
        "threshold-low",
        "value-wrong",
        "Whatever scores a twentieth is a face.",
        f"A digit slipped in; {_BOTH_CARRY}",
        both=[Edit(_CENTERFACE, "_LEAST_SCORE = 0.5\n", "_LEAST_SCORE = 0.05\n")],
    ),
    _fault(
        "code-renamed",
        "code-renamed",
        "Bytes of another kind end with the code `unsupported-image`.",
        f"A code worded as its neighbours aren't; {_BOTH_CARRY}",
        both=[
            Edit(
                f"{_PACKAGE}/errors.py",
                '    code = "image-unsupported"\n',
                '    code = "unsupported-image"\n',
            )
        ],
    ),
    _fault(
        "redirects-off-by-one",
        "off-by-one",
        "The last redirect that is allowed isn't followed.",
        f"Hops taken for redirects; {_BOTH_CARRY}",
        both=[
            Edit(
                _FETCH,
                "for _ in range(limits.max_redirects + 1):",
                "for _ in range(limits.max_redirects):",
            )
        ],
    ),
    _fault(
        "response-leaked",
        "resource-leaked",
        "The connection that an image was fetched over isn't closed.",
        f"A `with` turned into an assignment; {_BOTH_CARRY}",
        both=[
            Edit(
                _FETCH,
                "with closing(_get(hop, allow, budget)) as response:",
                "if response := _get(hop, allow, budget):",
            )
        ],
    ),
    _fault(
        "dependency-conflict",
        "dependency-conflict",
        "A version of Pillow is asked for that no lock has.",
        f"A dependency raised in one file of many; {_BOTH_CARRY}",
        both=[Edit("pyproject.toml", '"pillow>=12.3"', '"pillow>=99"')],
    ),
)
NULLS = (
    null(
        IMAGING,
        _CENTERFACE,
        "# Without the bound a freak value would overflow to infinity.",
        "# A freak value would overflow to infinity without the bound.",
    ),
)
