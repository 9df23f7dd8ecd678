"""The tables of facts that ship with the code: what each holds, column by column, and where its rows come from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tutela.portal import opendata_rows
from tutela.portal.opendata_rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """`count` where this installation keeps the rows: they change; the others change with the code only."""

    name: str
    title: Promise
    sentence: Promise
    columns: dict[str, Promise]
    read: Callable[[], Iterator[Row]]
    count: Callable[[], int] | None = None

    @property
    def is_live(self) -> bool:
        return self.count is not None


SOURCE: dict[str, Promise] = {
    "source_url": _("Where the row can be checked."),
    "checked_on": _("The day on which a person last looked there."),
    "certainty": _("“verified”: read in the primary text or on an official page; “secondary”: in other words."),
    "note": _("What else must be known to read the row; often empty."),
}
ID = _("Our stable name for the row.")
_DAY = _("A day; a month or a year where the day is not known.")
STATE = _("A Member State by its EU code: Greece is EL.")
INITIATIVE = _("Number of the initiative in the strategy, 1 to 8.")


SHIPPED: tuple[Dataset, ...] = (
    Dataset(
        name="instruments",
        title=_("Acts and proposals"),
        sentence=_("The acts that the platform knows, and the proposals, which are profiles and switched off."),
        columns={
            "id": ID,
            "short": _("The name in daily use."),
            "title": _("The title, shortened."),
            "kind": _("Directive, regulation or proposal."),
            "status": _("in_force, expired, proposal, or agreed (politically, not published)."),
            "celex": _("The number in EUR-Lex."),
            "eli": _("European Legislation Identifier; empty for what was not published."),
            "adopted": _("The day of signature."),
            "first": _("The first day on which the act applies, where it is recorded."),
            "last": _("The last day on which the act applies; empty if it is open."),
            "profile": _("The switch a proposal needs; empty for an act that was adopted."),
            "not_bound": _("Member States that the act does not bind."),
            **SOURCE,
        },
        read=opendata_rows.acts,
    ),
    Dataset(
        name="provisions",
        title=_("Provisions"),
        sentence=_("One row is one check. Rows from memory are left out until a person has checked them."),
        columns={
            "id": ID,
            "instrument": _("The act, as in the table of acts."),
            "reference": _("Article or recital."),
            "title": _("The article's heading."),
            "theme": _("What it is about, in one word of ours."),
            "actor": _("Whom it obliges or entitles."),
            "duty": _("What is checked, in our words; the authentic text is the Official Journal's."),
            "optional": _("Whether a state may choose."),
            "condition": _("C01 to C20: the twenty conditions of the derogation, numbered by us."),
            **SOURCE,
        },
        read=opendata_rows.duties,
    ),
    Dataset(
        name="bases",
        title=_("Legal bases as dated intervals"),
        sentence=_("Which service may do what on which days. Both days of an interval count."),
        columns={
            "id": ID,
            "name": _("The basis in a few words."),
            "provision": _("The provision it rests on."),
            "services": _("The kinds of service it holds for."),
            "purposes": _("What it allows."),
            "first": _("The first day; empty if it is open."),
            "last": _("The last day; empty if it is open."),
            "sentence": _("What it says, and what it does not."),
            **SOURCE,
        },
        read=opendata_rows.intervals,
    ),
    Dataset(
        name="timeline",
        title=_("Timeline"),
        sentence=_("What happened and what will end."),
        columns={
            "id": ID,
            "on": _DAY,
            "text": _("What happened."),
            "kind": _("act, document or event."),
            "initiatives": _("The initiatives it belongs to."),
            "celex": _("The number in EUR-Lex, where there is one."),
            "eli": _("European Legislation Identifier, where there is one."),
            **SOURCE,
        },
        read=opendata_rows.happened,
    ),
    Dataset(
        name="steps",
        title=_("Steps of the eight initiatives"),
        sentence=_("What followed on each promise."),
        columns={"initiative": INITIATIVE, "on": _DAY, "text": _("What happened."), **SOURCE},
        read=opendata_rows.steps,
    ),
    Dataset(
        name="dues",
        title=_("What was due"),
        sentence=_("Promises with a day. One is late when its day has passed and nothing says that it was done."),
        columns={
            "initiative": INITIATIVE,
            "due": _("The last day on which it was in time."),
            "what": _("What was promised for that day."),
            "done_on": _("When it was done; empty if it was not."),
            "sentence": _("Who owes it, under which provision."),
            **SOURCE,
        },
        read=opendata_rows.dues,
    ),
    Dataset(
        name="procedures",
        title=_("Steps of infringement procedures"),
        sentence=_("What public sources tell. One that is missing here may exist; one without an end may be over."),
        columns={
            "id": ID,
            "procedure": _("Our name for the procedure the step belongs to."),
            "state": STATE,
            "instrument": _("The act, as in the table of acts."),
            "kind": _("non_communication: not everything was notified; non_conformity: what was notified falls short."),
            "case_number": _("The Commission's number; empty where no source gives it."),
            "step": _("Letter, opinion, referral, closing or withdrawal."),
            "on": _("The day of the decision."),
            **SOURCE,
        },
        read=opendata_rows.procedure_steps,
    ),
    Dataset(
        name="authorities",
        title=_("Authorities"),
        sentence=_("Who receives a report, for the states where a public source names the body."),
        columns={
            "state": STATE,
            "state_name": _("The state's English name."),
            "name": _("The body."),
            "contact_page": _("Its page, if one was found."),
            **SOURCE,
        },
        read=opendata_rows.bodies,
    ),
    Dataset(
        name="lines",
        title=_("Telephone lines and hotlines"),
        sentence=_("Verified rows only: a wrong number harms."),
        columns={
            "state": _("A Member State by its EU code; EU where the number works in all of them."),
            "kind": _("emergency, child_helpline, missing_children or hotline."),
            "operator": _("Who answers."),
            "number": _("What to dial; empty for a hotline on the web."),
            "url": _("Its page."),
            **SOURCE,
        },
        read=opendata_rows.numbers,
    ),
    Dataset(
        name="form-fields",
        title=_("Fields of the providers' yearly report"),
        sentence=_("The standard form of Implementing Regulation (EU) 2024/2916, field by field."),
        columns={
            "code": _("Our number for the field: the form numbers its categories only."),
            "category": _("Number of the category in the form."),
            "category_name": _("Name of the category."),
            "text": _("What is asked."),
            "optional": _("Whether the form marks it as optional."),
            **SOURCE,
        },
        read=opendata_rows.form_fields,
    ),
)
