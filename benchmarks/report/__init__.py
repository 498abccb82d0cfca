"""From a results document to what people read: the HTML report and the table in the terminal.

Nothing here measures or computes statistics; `results.schema.json` describes what comes in.
"""
