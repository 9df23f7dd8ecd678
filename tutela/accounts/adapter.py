"""How people come in: nobody signs up, every sign-in is written down, and a second factor's secret is sealed."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tutela.accounts.actions import record_sign_in
from tutela.accounts.models import Person
from tutela.keys.keeper import wrapping_key
from tutela.seals import boxes

_ABOUT = "second factor"


class ClosedAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        return render(request, "account/account_inactive.html", status=403)

    def post_login(self, request: HttpRequest, user: Person, **more: Any) -> HttpResponse:
        record_sign_in(by=user.actor())
        return super().post_login(request, user, **more)


class SealedFactors(DefaultMFAAdapter):
    """Whoever copies the database must not be able to compute anybody's next code."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(boxes.seal(wrapping_key(), text.encode(), about=_ABOUT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return boxes.unseal(wrapping_key(), base64.b64decode(encrypted_text), about=_ABOUT).decode()
