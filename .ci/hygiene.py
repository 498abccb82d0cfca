"""Looks into every file that git knows for what belongs to one machine alone, and parses YAML.

Refused: host names of package registries, options that name one, absolute paths of somebody's
home or workplace.
"""

import re
import subprocess
import sys
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[1]
# Written in pieces, so that this file passes its own look.
FORBIDDEN = {
    "a registry's host": r"\b(?:files\.python" + r"hosted|pypi\." + r"org|registry\.npm" + r"js)\b",
    "a registry's address": r"--(?:extra-)?index" + r"-url[ =]+\S*//",
    "a local path": r"(?:^|[\s\"'=(:])/(?:" + r"home|Users|work|opt/wheels)/\w",
}
LONGEST_BYTES = 2_000_000


def faults(name: str, text: str) -> list[str]:
    """Say what is wrong with one file's text."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in FORBIDDEN.items():
            if re.search(pattern, line):
                found.append(f"{name}:{number}: {what}: {line.strip()[:100]}")
    if name.endswith((".yaml", ".yml")):
        try:
            list(yaml.safe_load_all(text))
        except yaml.YAMLError as error:
            found.append(f"{name}: no valid YAML: {error}")
    return found


def main() -> int:
    """Look into all files."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], check=True, cwd=REPOSITORY, capture_output=True, text=True
    ).stdout.split("\0")
    found = []
    for name in filter(None, listed):
        path = REPOSITORY / name
        if not path.is_file() or path.stat().st_size > LONGEST_BYTES:
            continue
        content = path.read_bytes()
        if b"\0" not in content[:1024]:
            found += faults(name, content.decode(errors="replace"))
    print("\n".join(found) or "Nothing of one machine alone.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
