"""The whole flow, with either architecture."""
