"""Write `results.schema.json` from the types: `python -m benchmarks.results_model`."""

from benchmarks.results_model import schema


def main() -> None:
    """Write the schema where it differs, and print its path."""
    text = schema.text()
    if not schema.SCHEMA.exists() or schema.SCHEMA.read_text(encoding="utf-8") != text:
        schema.SCHEMA.write_text(text, encoding="utf-8")
        print(schema.SCHEMA)


if __name__ == "__main__":
    main()
