"""What is missing, computed from records; what nobody has looked at is said to be not measured."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.compliance.rules import owed
from tutela.cooperation.capabilities import capability
from tutela.law.authorities import MEMBER_STATES
from tutela.law.dates import today
from tutela.law.instruments import all_instruments, instrument, provision
from tutela.law.strategy import initiatives
from tutela.portal.answers import page
from tutela.portal.law_matrix import state_names
from tutela.portal.undertakings import Promised, promised
from tutela.strategy import kept
from tutela.strategy.gaps import Found, Gap, Kind
from tutela.strategy.models import PriorityAction, practices
from tutela.strategy.practices import Practice, answering

KINDS: Mapping[Kind, Promise] = {
    Kind.WITHOUT_MEASURE: gettext_lazy("Article without a measure that is said to carry it out"),
    Kind.NEGATIVE_FINDING: gettext_lazy("Article found to be carried out in part or not"),
    Kind.PROCEDURE_OPEN: gettext_lazy("Infringement procedure open"),
    Kind.PROCEDURE_UNKNOWN: gettext_lazy("Infringement procedure whose end is not known"),
    Kind.CAPABILITY_LOW: gettext_lazy("Capability that the state itself places low"),
    Kind.STATISTIC: gettext_lazy("Statistic that was due and not found"),
    Kind.PREVENTION: gettext_lazy("Need of prevention without a programme"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One kind of gap: in how many of the states it was looked for, among how many records, and how many there are."""

    name: Promise
    states: int
    n: int
    gaps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One gap by its key; `words` and `address` of the matrix's cell are empty where it is about no article."""

    key: str
    words: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Gaps with one and the same cause; what somebody answers or acts on stands alone."""

    name: Promise
    sentence: str
    records: tuple[str, ...]
    places: tuple[Place, ...]
    answers: tuple[Practice, ...] = ()
    actions: tuple[Promised, ...] = ()


def show(request: HttpRequest) -> HttpResponse:
    state, initiative, faults = _read(request.GET)
    newest = kept.newest()
    context = {
        "faults": faults,
        "state": state,
        "state_name": state_names().get(state, ""),
        "initiative": initiative,
        "initiatives": initiatives(),
        "states": state_names().items(),
        "as_of": newest.as_of if newest else None,
    }
    if newest is not None:
        found = newest.narrowed(states=[state] if state else (), initiative=initiative).found
        context |= _of_state(found, state) if state else {"by_state": _by_state(found)}
        context |= {"measured": _measured(found), "asked": 1 if state else len(MEMBER_STATES)}
    return page(request, "gaps", context, status=422 if faults else 200)


def line_of(gap_key: str) -> str:
    """Where a gap stands on the page of its state: `/gaps?state=RO#negative_finding/RO/dir-2011-93:art-22`."""
    return f"{reverse('portal:gaps')}?state={gap_key.split('/')[1]}#{gap_key}"


def about(said: str) -> str:
    """What a gap or a practice is about, in words: an article, a capability; the name itself where it is neither."""
    kind, colon, number = said.partition(":")
    if kind == "capability":
        return capability(int(number)).label
    if colon and kind in {each.id for each in all_instruments()}:
        return f"{provision(said).reference}, {instrument(kind).short}"
    return said


def _of_state(found: Found, state: str) -> dict[str, object]:
    on = today()
    against: dict[str, list[Promised]] = defaultdict(list)
    for each in PriorityAction.objects.filter(gap__contains=f"/{state}/"):
        against[each.gap].append(promised(each, whose=each.owner, on=on))
    return {
        "rows": _rows(found.gaps, against),
        "not_measured": [(KINDS[each.kind], each.why) for each in found.not_measured],
    }


def _read(given: QueryDict) -> tuple[str, int | None, dict[str, str]]:
    faults: dict[str, str] = {}
    state, number = given.get("state", ""), given.get("initiative", "")
    if state and state not in MEMBER_STATES:
        faults["state"] = _("“state” is the code of a Member State, such as RO, or EL for Greece.")
        state = ""
    if number and number not in {str(each.number) for each in initiatives()}:
        faults["initiative"] = _("“initiative” is a number from 1 to 8.")
        number = ""
    return state, int(number) if number else None, faults


def _measured(found: Found) -> list[Measured]:
    lines = []
    for kind in (kind for kind in KINDS if any(each.kind is kind for each in found.looks)):
        looks = [each for each in found.looks if each.kind is kind and each.n is not None]
        line = Measured(
            name=KINDS[kind],
            states=len(looks),
            n=sum(each.n or 0 for each in looks),
            gaps=sum(each.gaps or 0 for each in looks),
        )
        lines.append(line)
    return lines


def _by_state(found: Found) -> list[tuple[str, str, int, int]]:
    """Code, name, gaps, and how many kinds were not measured there."""
    gaps = Counter(each.state for each in found.gaps)
    unmeasured = Counter(each.state for each in found.not_measured)
    return [(code, name, gaps[code], unmeasured[code]) for code, name in state_names().items()]


def _rows(gaps: Iterable[Gap], against: Mapping[str, Sequence[Promised]]) -> list[Row]:
    known, alone = practices(), count()
    # A key is sorted as a word, Article 10 before Article 2; a reader looks for the order of the text.
    place_in_text = {article: number for number, article in enumerate(owed())}
    together: dict[object, list[Gap]] = defaultdict(list)
    for gap in gaps:
        is_alike = not answering(gap, known) and not against.get(gap.key)
        together[(gap.kind, gap.sentence, gap.records) if is_alike else next(alone)].append(gap)
    return [
        Row(
            name=KINDS[same[0].kind],
            sentence=same[0].sentence,
            records=same[0].records,
            places=tuple(_place(each) for each in sorted(same, key=lambda each: place_in_text.get(each.about, 0))),
            answers=answering(same[0], known),
            actions=tuple(against.get(same[0].key, ())),
        )
        for same in together.values()
    ]


def _place(gap: Gap) -> Place:
    article = owed().get(gap.about)
    if article is None:
        return Place(key=gap.key, words="", address="")
    address = reverse("portal:law_matrix_cell", args=[gap.about, gap.state])
    return Place(key=gap.key, words=article.reference, address=address)
