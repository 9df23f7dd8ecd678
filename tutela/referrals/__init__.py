"""Whom we told, with which dossier, and what they answered."""
