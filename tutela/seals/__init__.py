"""Canonical JSON, signatures, sealed boxes and signed bundles, verifiable offline."""
