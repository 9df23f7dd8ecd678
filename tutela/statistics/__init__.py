"""What may be counted in public, each figure with its definition."""
