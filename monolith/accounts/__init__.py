"""Accounts: who may submit images. Accounts lie in DynamoDB; tokens are verified without asking."""
