"""The public addresses. They are shared and printed, so they do not change."""

from django.urls import path

from tutela.portal import (
    cooperation,
    following,
    front,
    gaps,
    initiatives,
    law,
    law_matrix,
    law_today,
    lines,
    numbers,
    opendata,
    readers,
    timeline,
    trust,
)

app_name = "portal"
urlpatterns = [
    path("", front.front, name="front"),
    path("danger", lines.danger, name="danger"),
    path("help", lines.help_, name="help"),
    path("report", lines.report, name="report"),
    path("initiatives", initiatives.overview, name="initiatives"),
    path("gaps", gaps.show, name="gaps"),
    path("initiatives/<int:number>", initiatives.initiative, name="initiative"),
    path("law", law.framework, name="law"),
    path("law/today", law_today.ask, name="law_today"),
    path("law/matrix", law_matrix.show, name="law_matrix"),
    path("law/matrix.<slug:form>", law_matrix.download, name="law_matrix_file"),
    path("law/matrix/<str:provision_id>/<str:state>", law_matrix.cell, name="law_matrix_cell"),
    path("law/<slug:instrument_id>", law.act, name="law_act"),
    path("timeline", timeline.show, name="timeline"),
    path("timeline.atom", timeline.as_atom, name="timeline_atom"),
    path("timeline.json", timeline.as_json, name="timeline_json"),
    path("cooperation", cooperation.cooperation, name="cooperation"),
    path("readers", readers.readers, name="readers"),
    path("data", opendata.index, name="data"),
    path("data/catalogue.jsonld", opendata.catalogue, name="data_catalogue"),
    path("data/<slug:name>", opendata.dataset, name="data_set"),
    path("data/<slug:name>.<slug:form>", opendata.download, name="data_file"),
    path("numbers", numbers.numbers, name="numbers"),
    path("follow", following.ask, name="follow_ask"),
    path("follow/<str:token>", following.follow, name="follow"),
    path("keys", trust.keys, name="keys"),
    path("keys.json", trust.keys_json, name="keys_json"),
    path("about", front.about, name="about"),
    path(".well-known/security.txt", trust.security_txt, name="security"),
]
