"""What the law asks of whom, by when, and whether it happened."""
