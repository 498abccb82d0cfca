"""Pacts: what the page needs of whoever answers it, in files that they are held against.

The files lie with the contract, where the providers' own copies are compared with them.
"""

import json
import os
from pathlib import Path

from pact import Pact

from tests.places import SHARED

FOLDER = SHARED / "contracts" / "pacts"
os.environ["PACT_DO_NOT_TRACK"] = "true"  # Pact tells its makers who uses it, otherwise


def assert_written(pact: Pact, folder: Path) -> None:
    """The committed file is what the pact says; with UPDATE_PACTS=1 it is written anew."""
    pact.write_file(folder, overwrite=True)
    name = f"{pact.consumer}-{pact.provider}.json"
    document = json.loads((folder / name).read_text())
    # Not which library wrote it, which changes with the lock.
    version = document["metadata"]["pactSpecification"]
    document["metadata"] = {"pactSpecification": version}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    committed = FOLDER / name
    if os.environ.get("UPDATE_PACTS"):
        committed.parent.mkdir(parents=True, exist_ok=True)
        committed.write_text(text)
    assert committed.read_text() == text, "UPDATE_PACTS=1 writes it anew"
