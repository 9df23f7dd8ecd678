"""Providers: the command and the client; no Django, no rooms."""
