"""The console's addresses."""

from django.urls import path

from tutela.console import credentials, home, people, reports

app_name = "console"
urlpatterns = [
    path("", home.home, name="home"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<int:number>/", reports.report, name="report"),
    path("reports/<int:number>/words/", reports.words, name="words"),
    path("reports/<int:number>/originals/", reports.originals, name="originals"),
    path("reports/<int:number>/accesses/", reports.accesses, name="accesses"),
    path("reports/<int:number>/receipt/", reports.receipt, name="receipt"),
    path("people/", people.people, name="people"),
    path("credentials/", credentials.credentials, name="credentials"),
    path("credentials/<int:credential>/rotate/", credentials.rotate, name="rotate"),
    path("credentials/<int:credential>/revoke/", credentials.revoke, name="revoke"),
]
