"""Whom we work with: partners, the Internet Forum, industry's commitments, a state's capabilities."""
