"""How the accounts service is put together. Imports all; imported by none."""
