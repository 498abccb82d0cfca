"""Make the files of a release of the web page, by `shared/web/release.py`."""

import subprocess
import sys
from pathlib import Path

from benchmarks.targets.errors import ReleaseError

SCRIPT = "release.py"  # beside the folder of the page
SECONDS = 60


def make_web_release(site: Path, out: Path) -> None:
    """Write the release of the page in `site` to the new folder `out`. ReleaseError.

    The script of the page's own version makes it: it knows what the page consists of.
    """
    command = [sys.executable, str(site.parent / SCRIPT), str(out), "--site", str(site)]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        message = f"The release of the page wasn't made within {SECONDS} s."
        raise ReleaseError(message) from error
    if done.returncode != 0:
        message = f"The page can't be released: {done.stderr.strip()}"
        raise ReleaseError(message)
