"""Pacts: files in which a consumer writes down what it needs of a provider.

The consumer's test makes the file by running its own code against the mock that the file
describes; the provider's test holds its own code against the file. Both keep a copy, and all copies
are those of the repository's contract.
"""

import json
import os
from pathlib import Path

from pact import Pact

COPIES = Path(__file__).parent / "contracts" / "pacts"
# Of the consumers' versions that run, where a release is checked; else this folder's own.
GIVEN = Path(os.environ.get("PACTS", COPIES))
os.environ["PACT_DO_NOT_TRACK"] = "true"  # Pact tells its makers who uses it, otherwise


def given(provider: str) -> list[Path]:
    """Return the pacts that a provider has to keep."""
    return sorted(GIVEN.glob(f"*-{provider}.json"))


def assert_written(pact: Pact, folder: Path) -> None:
    """The committed file is what the pact says; with UPDATE_PACTS=1 it is written anew."""
    pact.write_file(folder, overwrite=True)
    name = f"{pact.consumer}-{pact.provider}.json"
    document = json.loads((folder / name).read_text())
    # Not which library wrote it, which changes with the lock.
    version = document["metadata"]["pactSpecification"]
    document["metadata"] = {"pactSpecification": version}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    committed = COPIES / name
    if os.environ.get("UPDATE_PACTS"):
        committed.parent.mkdir(parents=True, exist_ok=True)
        committed.write_text(text)
    assert committed.read_text() == text, "UPDATE_PACTS=1 writes it anew"
