"""One door for each kind of reader: what the house does for them, and where that begins."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tutela.portal.answers import page

CONSOLE = "/console/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    words: Promise
    address: str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """`id` is the anchor under which the door can be shared."""

    id: str
    who: Promise
    sentence: Promise
    ways: tuple[Way, ...]


READERS: tuple[Reader, ...] = (
    Reader(
        id="anyone",
        who=_("nowhere in particular: I need help, or I saw something"),
        sentence=_("You need no account, and these pages keep no trace of you."),
        ways=(
            Way(words=_("A child is in danger now"), address=reverse_lazy("portal:danger")),
            Way(words=_("Get help"), address=reverse_lazy("portal:help")),
            Way(words=_("Report what you saw"), address=reverse_lazy("portal:report")),
        ),
    ),
    Reader(
        id="provider",
        who=_("a provider of an online service"),
        sentence=_(
            "Match against verified indicators on your own machines, send a report, read back what came of it, and see "
            "on which days the law lets you look."
        ),
        ways=(
            Way(words=_("What applies today"), address=reverse_lazy("portal:law_today")),
            Way(
                words=_("The twenty conditions of the derogation"),
                address=reverse_lazy("portal:law_act", args=["reg-2021-1232"]),
            ),
            Way(
                words=_("The fields of the yearly report"),
                address=reverse_lazy("portal:data_set", args=["form-fields"]),
            ),
            Way(words=_("Follow a report"), address=reverse_lazy("portal:follow_ask")),
            Way(words=_("The key that signs your receipts"), address=reverse_lazy("portal:keys")),
        ),
    ),
    Reader(
        id="hotline",
        who=_("a hotline or a centre, in Europe or abroad"),
        sentence=_("Decide which report matters first, with a second reader and with as little exposure as possible."),
        ways=(
            Way(words=_("Sign in as an analyst"), address=CONSOLE),
            Way(words=_("Partners and what is exchanged"), address=reverse_lazy("portal:cooperation")),
        ),
    ),
    Reader(
        id="authority",
        who=_("a police or judicial authority"),
        sentence=_("Receive a case as a signed dossier, say that you have it, and answer what came of it."),
        ways=(
            Way(words=_("Sign in as an officer"), address=CONSOLE),
            Way(words=_("The key that signs a dossier"), address=reverse_lazy("portal:keys")),
        ),
    ),
    Reader(
        id="policy",
        who=_("a ministry, a parliament or the Commission"),
        sentence=_("See which provision is carried out where, what was promised for when, and what is late."),
        ways=(
            Way(words=_("Provisions and Member States"), address=reverse_lazy("portal:law_matrix")),
            Way(words=_("What is missing, state by state"), address=reverse_lazy("portal:gaps")),
            Way(words=_("Priority actions: who does what by when"), address=reverse_lazy("portal:actions")),
            Way(words=_("The eight initiatives"), address=reverse_lazy("portal:initiatives")),
            Way(words=_("The legal framework"), address=reverse_lazy("portal:law")),
            Way(words=_("The timeline, with a feed"), address=reverse_lazy("portal:timeline")),
        ),
    ),
    Reader(
        id="prevention",
        who=_("prevention, care or teaching"),
        sentence=_("See what was promised for prevention, and what followed."),
        ways=(
            Way(words=_("What works, and where there are gaps"), address=reverse_lazy("portal:practices")),
            Way(words=_("Initiative 5, prevention"), address=reverse_lazy("portal:initiative", args=[5])),
            Way(words=_("Lines that help, by country"), address=reverse_lazy("portal:help")),
        ),
    ),
    Reader(
        id="research",
        who=_("a university or a newspaper"),
        sentence=_("Every figure has a definition, and every fact has a source, a date and a certainty."),
        ways=(
            Way(words=_("Open data"), address=reverse_lazy("portal:data")),
            Way(words=_("Figures with their definitions"), address=reverse_lazy("portal:numbers")),
            Way(words=_("What this site is, and its limits"), address=reverse_lazy("portal:about")),
        ),
    ),
)


def readers(request: HttpRequest) -> HttpResponse:
    return page(request, "readers", {"readers": READERS})
