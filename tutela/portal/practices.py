"""What works somewhere, with the open gaps it answers elsewhere."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise

from tutela.portal.answers import page
from tutela.portal.gaps import about, line_of
from tutela.portal.law import address
from tutela.portal.places import place
from tutela.strategy import kept
from tutela.strategy.models import practices
from tutela.strategy.practices import Practice


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`gaps` are the places where what it answers is missing, each with the address of its line."""

    practice: Practice
    place: Promise | str
    about: str
    address: str
    gaps: tuple[tuple[Promise | str, str], ...]


def show(request: HttpRequest) -> HttpResponse:
    newest = kept.newest()
    context = {
        "as_of": newest.as_of if newest else None,
        "answers": [_answer(each, newest) for each in practices()],
    }
    return page(request, "practices", context)


def _answer(practice: Practice, newest: kept.Kept | None) -> Answer:
    is_capability = practice.about.startswith("capability:")
    open_gaps = [each for each in newest.found.gaps if practice.answers(each)] if newest else []
    return Answer(
        practice=practice,
        place=place(practice.state),
        about=about(practice.about),
        address=f"{reverse('portal:cooperation')}#capabilities" if is_capability else address(practice.about),
        gaps=tuple((place(each.state), line_of(each.key)) for each in open_gaps),
    )
