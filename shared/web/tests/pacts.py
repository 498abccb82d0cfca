"""Pacts of the page: files of its expectations that the providers are verified against.

The files are in shared/contracts, where the providers' own copies are compared with them.
"""

import json
import os
from pathlib import Path

from pact import Pact

from tests.places import SHARED

FOLDER = SHARED / "contracts" / "pacts"
os.environ["PACT_DO_NOT_TRACK"] = "true"  # Otherwise Pact sends usage data to its authors


def assert_written(pact: Pact, folder: Path) -> None:
    """Assert that the committed file equals the pact; with UPDATE_PACTS=1 write it."""
    pact.write_file(folder, overwrite=True)
    name = f"{pact.consumer}-{pact.provider}.json"
    document = json.loads((folder / name).read_text())
    # Without the version of the library, which changes with the lock.
    version = document["metadata"]["pactSpecification"]
    document["metadata"] = {"pactSpecification": version}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    committed = FOLDER / name
    if os.environ.get("UPDATE_PACTS"):
        committed.parent.mkdir(parents=True, exist_ok=True)
        committed.write_text(text)
    assert committed.read_text() == text, "UPDATE_PACTS=1 writes it"
