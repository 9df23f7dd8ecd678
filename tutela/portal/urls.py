"""The public addresses. They are shared and printed, so they do not change."""

from django.urls import path

from tutela.portal import following, front, initiatives, lines, numbers, trust

app_name = "portal"
urlpatterns = [
    path("", front.front, name="front"),
    path("danger", lines.danger, name="danger"),
    path("help", lines.help_, name="help"),
    path("report", lines.report, name="report"),
    path("initiatives", initiatives.overview, name="initiatives"),
    path("initiatives/<int:number>", initiatives.initiative, name="initiative"),
    path("numbers", numbers.numbers, name="numbers"),
    path("follow", following.ask, name="follow_ask"),
    path("follow/<str:token>", following.follow, name="follow"),
    path("keys", trust.keys, name="keys"),
    path("keys.json", trust.keys_json, name="keys_json"),
    path("about", front.about, name="about"),
    path(".well-known/security.txt", trust.security_txt, name="security"),
]
