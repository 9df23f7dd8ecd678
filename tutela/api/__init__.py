"""Machines: our own typed REST, and one file for each foreign protocol."""
