"""Check every file that git tracks for data of one machine, and parse YAML.

Refused are host names of package registries, options that name one, and absolute paths of a
developer's home or working folder.
"""

import re
import subprocess
import sys

import yaml

from repository import REPOSITORY

# Written in pieces, so that this file passes its own check.
FORBIDDEN = {
    "a registry's host": r"\b(?:files\.python" + r"hosted|pypi\." + r"org|registry\.npm" + r"js)\b",
    "a registry's address": r"--(?:extra-)?index" + r"-url[ =]+\S*//",
    "a local path": r"(?:^|[\s\"'=(:])/(?:" + r"home|Users|work|opt/wheels)/\w",
}
LONGEST_BYTES = 2_000_000


def faults(name: str, text: str) -> list[str]:
    """Return what is wrong with one file's text."""
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
    """Check all files; return the exit status."""
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
    print("\n".join(found) or "No file has data of one machine.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
