"""Keys that can be destroyed: one per report, request and subject."""
