"""What is known: verified fingerprints and addresses, each with its passport."""
