"""The open platform for the European fight against child sexual abuse."""
