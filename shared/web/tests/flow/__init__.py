"""The whole flow, against either architecture."""
