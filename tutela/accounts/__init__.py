"""Organisations, people, roles and credentials: who may."""
