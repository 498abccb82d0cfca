"""Pacts: files of a consumer's expectations of a provider.

The consumer's test makes the file by running its own code against the mock that the file
describes; the provider's test holds its own code against the file. Both keep a copy, and all copies
are those of the repository's contract.
"""

import json
import os
from pathlib import Path

from pact import Pact

COPIES = Path(__file__).parent / "contracts" / "pacts"
# Of the deployed versions of the consumers, if a release is checked; otherwise this folder's own.
GIVEN = Path(os.environ.get("PACTS", COPIES))
os.environ["PACT_DO_NOT_TRACK"] = "true"  # Otherwise Pact sends usage data to its authors


def given(provider: str) -> list[Path]:
    """Return the pacts of a provider."""
    return sorted(GIVEN.glob(f"*-{provider}.json"))


def assert_written(pact: Pact, folder: Path) -> None:
    """Assert that the committed file equals the pact; with UPDATE_PACTS=1 write it."""
    pact.write_file(folder, overwrite=True)
    name = f"{pact.consumer}-{pact.provider}.json"
    document = json.loads((folder / name).read_text())
    # Without the version of the library, which changes with the lock.
    version = document["metadata"]["pactSpecification"]
    document["metadata"] = {"pactSpecification": version}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    committed = COPIES / name
    if os.environ.get("UPDATE_PACTS"):
        committed.parent.mkdir(parents=True, exist_ok=True)
        committed.write_text(text)
    assert committed.read_text() == text, "UPDATE_PACTS=1 writes it"
