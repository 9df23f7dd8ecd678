"""How to check what this house signs, and how to tell it of a fault."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from tutela.portal.answers import CACHED, page
from tutela.reports.receipts import signing_key

# RFC 9116 asks for less than a year; the file is written anew at every request.
SECURITY_TXT_LASTS = timedelta(days=180)


def keys(request: HttpRequest) -> HttpResponse:
    return page(request, "keys", {"key": signing_key()})


def keys_json(request: HttpRequest) -> HttpResponse:
    public = signing_key()
    answer = JsonResponse({"keys": [{"algorithm": "Ed25519", "key_id": public.key_id, "public": public.text()}]})
    answer["Cache-Control"] = CACHED
    return answer


def security_txt(request: HttpRequest) -> HttpResponse:
    origin = settings.ORIGIN.rstrip("/")
    expires = datetime.now(UTC).replace(microsecond=0) + SECURITY_TXT_LASTS
    lines = [
        f"Contact: {origin}{reverse('portal:about')}#security",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: en",
        f"Canonical: {origin}{reverse('portal:security')}",
    ]
    answer = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = CACHED
    return answer
