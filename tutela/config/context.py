"""What every page knows about the house it is printed by."""

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:
    return {"demonstration": settings.DEMO}
