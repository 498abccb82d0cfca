"""The results document as types: experiments fill it, `results.json` holds it, the report reads it.

`document` is the whole; `experiments` has one type for each experiment, distinguished by a tag;
`reading` decodes and checks a file; `schema` makes the JSON Schema, `results.schema.json`.
"""
