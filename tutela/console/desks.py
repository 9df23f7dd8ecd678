"""A desk: what is on record as facts and tables, and under them forms, each of which calls one action of a room.

What was refused comes back in words above the form it was written in, with everything still in it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Actor
from tutela.audit.models import Leaf
from tutela.compliance.rows import ImportRefused
from tutela.compliance.rules import Refused as ComplianceRefused
from tutela.console.leaves import Entry, entries
from tutela.console.pages import page
from tutela.cooperation.rules import Refused as CooperationRefused

Words = str | Promise
REFUSALS = (ComplianceRefused, CooperationRefused, NotInThisState)
SHOWN_PROBLEMS = 500
# Characters: what is shorter stands on one line, what is longer gets room.
SHORT, LONG = 18, 40


@dataclass(frozen=True)
class Cell:
    """With an address it is a link; what is strong is a warning in words."""

    text: Words | int
    address: str = ""
    strong: bool = False

    @property
    def shape(self) -> str:
        length = len(str(self.text))
        return "short" if length <= SHORT else "words" if length > LONG else "some"

    @property
    def leads_outside(self) -> bool:
        return self.address.startswith("http")


@dataclass(frozen=True)
class Table:
    """`rows` hold one cell for each column; the first names its row."""

    caption: Words
    columns: Sequence[Words]
    rows: Sequence[Sequence[Cell]]
    empty: Words = ""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What stands on the page above its forms."""

    title: Words
    lead: Words = ""
    up: Sequence[Cell] = ()
    facts: Sequence[tuple[Words, Sequence[Cell]]] = ()
    filters: forms.Form | None = None
    tables: Sequence[Table] = ()
    trail: Sequence[Entry] = ()


@dataclass(frozen=True)
class Done:
    """The sentence that is said, on the page at this address; on the same page where none is given."""

    said: Words
    address: str = ""


@dataclass(frozen=True)
class Task:
    """`act` is called with what the form holds."""

    name: str
    title: Words
    form: type[forms.Form]
    act: Callable[..., Done]
    button: Words
    about: Words = ""
    # What stands there already, so that changing one thing does not empty the others.
    filled: Mapping[str, Any] = field(default_factory=dict)
    # What a link may have filled in already: words that harm nobody who does not look, and no file and no consent.
    filled_by_link: tuple[str, ...] = ()


@dataclass
class _Shown:
    task: Task
    form: forms.Form
    is_open: bool
    refusal: str = ""
    problems: Sequence[Mapping[str, Any]] = ()
    more_problems: int = 0


def cells(*said: object) -> list[Cell]:
    return [each if isinstance(each, Cell) else Cell("" if each is None else str(each)) for each in said]


def source(url: str) -> Cell:
    """A link that is read as the site it leads to; whatever is no address stays a text."""
    leads = url.startswith(("https://", "http://"))
    return Cell(urlsplit(url).netloc or url, url) if leads else Cell(url)


def fact(label: Words, *said: object) -> tuple[Words, Sequence[Cell]]:
    return label, cells(*said)


def trail(subject: str) -> list[Entry]:
    return entries(Leaf.objects.filter(subject=subject).order_by("pk"))


def counted(caption: Words, shown: int, total: int) -> str:
    if shown < total:
        return _("%(caption)s: the first %(shown)s of %(total)s") % {
            "caption": caption, "shown": shown, "total": total,
        }  # fmt: skip
    return f"{caption}: {total}"


def chosen(filters: forms.Form) -> dict[str, Any]:
    """What the filter asks for; a word that is not one of its own chooses nothing, and the form says so."""
    filters.is_valid()
    return {name: said for name, said in filters.cleaned_data.items() if said}


def desk(request: HttpRequest, by: Actor, look: Callable[[], Desk], tasks: Sequence[Task] = ()) -> HttpResponse:
    """`look` is called after the action was refused or nothing was asked; what is done is shown by the next request.

    Raises Http404 for a task that is not open here.
    """
    asked, status = _asked(request, by, tasks), 200
    if asked is not None:
        done = _act(asked, by)
        if done is not None:
            messages.success(request, done.said)
            return redirect(done.address or request.path)
        status = 422
    forms_ = [asked if asked and task is asked.task else _unasked(task, by, request) for task in tasks]
    return page(request, by, "desk.html", {"desk": look(), "tasks": forms_, "asked": asked}, status=status)


def _asked(request: HttpRequest, by: Actor, tasks: Sequence[Task]) -> _Shown | None:
    if request.method != "POST":
        return None
    task = next((each for each in tasks if each.name == request.POST.get("task")), None)
    if task is None:
        raise Http404
    return _Shown(task, _form(task, by, data=request.POST, files=request.FILES), is_open=True)


def _act(asked: _Shown, by: Actor) -> Done | None:
    """None where it was refused; then `asked` holds why."""
    if not asked.form.is_valid():
        return None
    try:
        return asked.task.act(by=by, **asked.form.cleaned_data)
    except REFUSALS as refusal:
        asked.refusal = str(refusal).splitlines()[0]
        if isinstance(refusal, ImportRefused):
            asked.problems = [problem.as_row() for problem in refusal.problems[:SHOWN_PROBLEMS]]
            asked.more_problems = len(refusal.problems) - len(asked.problems)
    return None


def _unasked(task: Task, by: Actor, request: HttpRequest) -> _Shown:
    linked = {name: request.GET[name] for name in task.filled_by_link if name in request.GET}
    return _Shown(task, _form(task, by, initial={**task.filled, **linked}), is_open=bool(linked))


def _form(task: Task, by: Actor, **given: Any) -> forms.Form:
    form = task.form(prefix=task.name, **given)
    if hasattr(form, "for_actor"):
        form.for_actor(by)
    for each in form.fields.values():
        if not each.required and not isinstance(each, forms.BooleanField):
            each.label = _("%(label)s (optional)") % {"label": each.label}
    return form
