"""Makes a drawing of matplotlib's smaller without changing what it shows.

Coordinates are in points of a drawing about 700 wide, and written with two decimals. A dot is a
circle and not eight curves; what all marks of a group have in common stands at the group once; a
group that nothing refers to and that sets nothing is left out.
"""

import math
import re

_GEOMETRY = re.compile(r' (d|x|y|transform|points|viewBox)="([^"]*)"')
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_TURNED_BY_NOTHING = re.compile(r' transform="rotate\(-?0(?:\.0)? [^"]*\)"')
_SHAPE = re.compile(r'<path d="([^"]*)"([^>]*)/>')
_MARKS = re.compile(r"<g([^>]*)>\s*((?:<(?:path|circle|use)\b[^>]*/>\s*){2,})</g>")
_MARK = re.compile(r"<[^>]*/>")
_COMMON = (re.compile(r' clip-path="[^"]*"'), re.compile(r' style="[^"]*"'))
_GROUP_ID = re.compile(r'(<g[^>]*?) id="([^"]+)"')
_BARE_GROUP = re.compile(r"<g>\s*((?:(?!</?g\b).)*?)\s*</g>", re.DOTALL)
_CURVES = 8  # of which matplotlib makes a circle
_TOLERANCE = 0.005  # points


def compact(drawing: str) -> str:
    """Return the `<svg>` element with fewer bytes."""
    drawing = _SHAPE.sub(_circle, drawing)
    drawing = _TURNED_BY_NOTHING.sub("", drawing)
    drawing = _GEOMETRY.sub(_rounded, drawing)
    drawing = _MARKS.sub(_at_the_group, drawing)
    return _without_bare_groups(drawing)


def _circle(found: re.Match[str]) -> str:
    """Replace a closed path of eight curves by a circle, if its points lie on one."""
    path, more = found.groups()
    numbers = [float(it) for it in re.findall(r"-?\d+(?:\.\d+)?", path)]
    if re.sub(r"[^A-Za-z]", "", path) != f"M{'C' * _CURVES}z":
        return found[0]
    corners = list(zip(numbers[::6], numbers[1::6], strict=True))  # each curve's end
    xs, ys = ([it[axis] for it in corners] for axis in (0, 1))
    x, y, radius = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, (max(xs) - min(xs)) / 2
    if any(abs(math.dist((x, y), it) - radius) > _TOLERANCE for it in corners):
        return found[0]
    return f'<circle cx="{_short(x)}" cy="{_short(y)}" r="{_short(radius)}"{more}/>'


def _rounded(found: re.Match[str]) -> str:
    name, value = found.groups()
    value = _NUMBER.sub(lambda match: _short(float(match[0])), value)
    if name == "d":
        value = re.sub(r"\s*([A-Za-z])\s*", r"\1", value).strip()
    return f' {name}="{value}"'


def _short(number: float) -> str:
    """Two decimals; of what is below 1, as a factor may be, four."""
    text = f"{number:.{2 if abs(number) >= 1 else 4}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _at_the_group(found: re.Match[str]) -> str:
    """Move attributes that all marks of a group share to the group; marks inherit them."""
    group, marks = found[1], _MARK.findall(found[2])
    for attribute in _COMMON:
        values = {match[0] if (match := attribute.search(it)) else "" for it in marks}
        if len(values) == 1 and "" not in values and not attribute.search(group):
            group += values.pop()
            marks = [attribute.sub("", it) for it in marks]
    return f"<g{group}>{''.join(marks)}</g>"


def _without_bare_groups(drawing: str) -> str:
    used = set(re.findall(r'#([^")\s]+)', drawing))
    drawing = _GROUP_ID.sub(lambda match: match[0] if match[2] in used else match[1], drawing)
    before = ""
    while drawing != before:
        before, drawing = drawing, _BARE_GROUP.sub(r"\1", drawing)
    return "\n".join(line.strip() for line in drawing.splitlines() if line.strip())
