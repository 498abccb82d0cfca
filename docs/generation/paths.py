"""Folders that the generators read from and write to."""

from pathlib import Path

DOCS = Path(__file__).resolve().parents[1]
ROOT = DOCS.parent
RESULTS = ROOT / "benchmarks" / "results"
CONTRACTS = ROOT / "shared" / "contracts"
TEMPLATES = DOCS / "generation" / "templates"
