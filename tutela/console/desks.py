"""A desk: what is on record as tables, and under them forms, each of which calls one action of a room.

What was refused comes back in words above the form it was written in, with everything still in it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Actor
from tutela.compliance.rows import ImportRefused
from tutela.compliance.rules import Refused as ComplianceRefused
from tutela.console.pages import page
from tutela.cooperation.rules import Refused as CooperationRefused

Words = str | Promise
REFUSALS = (ComplianceRefused, CooperationRefused, NotInThisState)
# More than anything a desk counts, and less than what its columns hold.
_LARGEST_NUMBER = 10**15


@dataclass(frozen=True)
class Table:
    """`rows` hold one cell for each column; a cell with an address is a link."""

    caption: Words
    columns: Sequence[Words]
    rows: Sequence[Sequence["Cell"]]
    empty: Words


@dataclass(frozen=True)
class Cell:
    text: Words | int
    address: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Task:
    """`act` is called with what the form holds and returns the sentence that is said when it is done."""

    name: str
    title: Words
    form: type[forms.Form]
    act: Callable[..., Words]
    button: Words
    about: Words = ""
    # What a link may have filled in already: words that harm nobody who does not look, and no file and no consent.
    filled_by_link: tuple[str, ...] = ()


@dataclass
class _Shown:
    task: Task
    form: forms.Form
    refusal: str = ""
    problems: Sequence[Mapping[str, Any]] = field(default_factory=list)


def cells(*said: Words | int | Cell) -> list[Cell]:
    return [each if isinstance(each, Cell) else Cell(each) for each in said]


def desk(
    request: HttpRequest,
    by: Actor,
    *,
    title: Words,
    lead: Words,
    tables: Callable[[], Sequence[Table]],
    tasks: Sequence[Task],
) -> HttpResponse:
    """The tables are asked for after the action: they show what it did."""
    shown = {task.name: _Shown(task, _form(task, by, request)) for task in tasks}
    asked = shown.get(request.POST.get("task", "")) if request.method == "POST" else None
    if asked is not None and asked.form.is_valid():
        try:
            messages.success(request, asked.task.act(by=by, **asked.form.cleaned_data))
            return redirect(request.path)
        except REFUSALS as refusal:
            asked.refusal = str(refusal).splitlines()[0]
            if isinstance(refusal, ImportRefused):
                asked.problems = [problem.as_row() for problem in refusal.problems]
    context = {"title": title, "lead": lead, "tables": tables(), "tasks": list(shown.values()), "asked": asked}
    return page(request, by, "desk.html", context, status=422 if asked else 200)


def _form(task: Task, by: Actor, request: HttpRequest) -> forms.Form:
    said = {name: request.GET[name] for name in task.filled_by_link if name in request.GET}
    made: dict[str, Any] = {"prefix": task.name, "initial": said}
    if request.method == "POST" and request.POST.get("task") == task.name:
        made |= {"data": request.POST, "files": request.FILES}
    form = task.form(**made)
    if hasattr(form, "for_actor"):
        form.for_actor(by)
    return form


class Day(forms.DateField):
    """A day, as browsers and people write it: 2026-11-25."""

    widget = forms.DateInput(attrs={"type": "date"})


def text(label: Words, *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=4_000, **more)


def number(label: Words, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=_LARGEST_NUMBER, **more)


def address(label: Words, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2_000, widget=forms.URLInput(), **more)
