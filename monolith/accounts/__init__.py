"""Accounts and access tokens. Accounts are in DynamoDB; tokens are verified locally."""
