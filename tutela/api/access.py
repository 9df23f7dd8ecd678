"""Which organisation a machine speaks for."""

import base64
import binascii

from django.http import HttpRequest

from tutela.accounts.actions import who_presents
from tutela.accounts.policy import Actor


def bearer(request: HttpRequest) -> Actor | None:
    """`Authorization: Bearer <username>.<secret>`."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    username, dot, secret = token.strip().partition(".")
    if scheme.lower() != "bearer" or not dot:
        return None
    return who_presents("bearer", username, secret)


def basic(request: HttpRequest) -> Actor | None:
    """HTTP Basic, as clients of the CyberTipline send it."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        username, colon, secret = base64.b64decode(token.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return who_presents("basic", username, secret) if colon else None
