"""What the cases share: the contract's checker, the client, pictures, forged tokens."""
