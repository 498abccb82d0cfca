"""Make the files of a release of the web page, by `shared/web/release.py`."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.targets.architectures import REPOSITORY, WEB_RELEASE, WEB_SITE
from benchmarks.targets.errors import ReleaseError
from benchmarks.targets.git import git

SCRIPT = WEB_SITE.with_name("release.py")
SECONDS = 60


def make_web_release(site: Path, out: Path) -> None:
    """Write the release of the page in `site` to the new folder `out`. ReleaseError."""
    command = [sys.executable, str(SCRIPT), str(out), "--site", str(site)]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        message = f"The release of the page wasn't made within {SECONDS} s."
        raise ReleaseError(message) from error
    if done.returncode != 0:
        message = f"The page can't be released: {done.stderr.strip()}"
        raise ReleaseError(message)


def add_web_release(commit: str, source: Path, store: Path) -> None:
    """Put the release of a commit's page into an artifact's `source`; ReleaseError.

    It is made once for each content of the page, and kept in `store`.
    """
    tree = git("rev-parse", f"{commit}:{WEB_SITE.relative_to(REPOSITORY)}").strip()
    made_by = hashlib.sha256(SCRIPT.read_bytes()).hexdigest()
    kept = store / f"{tree[:12]}-{made_by[:12]}"
    if not kept.exists():
        draft = kept.with_name(f"{kept.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        make_web_release(source / WEB_SITE.relative_to(REPOSITORY), draft)
        draft.replace(kept)
    shutil.copytree(kept, source / WEB_RELEASE.relative_to(REPOSITORY))
