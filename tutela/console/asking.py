"""The fields that the desks' forms are made of."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tutela.console.words import code_label
from tutela.law.authorities import MEMBER_STATES, all_authorities
from tutela.law.sources import Certainty

Words = str | Promise
Choices = list[tuple[str, str]]
# More than anything a desk counts, and less than what its columns hold.
_LARGEST_NUMBER: Final = 10**15
_READ: Final = {
    Certainty.VERIFIED: _("I read it in the primary text or on the official page"),
    Certainty.SECONDARY: _("I read it in somebody else's words"),
    Certainty.MEMORY: _("I remember it; the public does not read it"),
}


class Day(forms.DateField):
    """A day, as browsers and people write it: 2026-11-25."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def text(label: Words, *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=4_000, **more)


def number(label: Words, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=_LARGEST_NUMBER, **more)


def address(label: Words, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2_000, widget=forms.URLInput(), **more)


def one_of(label: Words, words: Iterable[str], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=lambda: [(str(each), code_label(each)) for each in words], **more)


def how_sure(*words: Certainty) -> forms.ChoiceField:
    choices = [(str(each), _READ[each]) for each in words or Certainty]
    return forms.ChoiceField(label=_("How you know"), choices=choices)


def state(label: Words, states: Iterable[str] = MEMBER_STATES, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=lambda: [(each, state_name(each)) for each in states], **more)


def filtered(field: forms.ChoiceField) -> forms.ChoiceField:
    """The same question, with nothing chosen at first."""
    known = field.choices
    return forms.ChoiceField(label=field.label, choices=lambda: [("", _("all")), *known], required=False)


def state_name(code: str) -> str:
    """The name that the law's data gives it; EU stands for the Union."""
    if code == "EU":
        return str(_("European Union"))
    return next((f"{each.country_name} ({code})" for each in all_authorities() if each.country == code), code)
