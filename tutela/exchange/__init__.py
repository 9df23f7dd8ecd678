"""What is said on the wire, typed once, and one file for each format."""
