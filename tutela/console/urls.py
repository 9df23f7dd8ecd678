"""The console's addresses."""

from django.urls import path

from tutela.console import cases, credentials, dossiers, holds, home, indicators, people, referrals, reports

app_name = "console"
urlpatterns = [
    path("", home.home, name="home"),
    path("queue/", cases.queue, name="queue"),
    path("cases/<int:number>/", cases.case, name="case"),
    path("cases/<int:number>/assess/", cases.assess, name="assess"),
    path("cases/<int:number>/confirm/", cases.confirm, name="confirm"),
    path("cases/<int:number>/look-again/", cases.look_again, name="look_again"),
    path("cases/<int:number>/close/", cases.close, name="close"),
    path("cases/<int:number>/hand-over/", referrals.hand_over, name="hand_over"),
    path("cases/<int:number>/send-back/", referrals.send_back, name="send_back"),
    path("cases/<int:number>/trail/", cases.trail, name="case_trail"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<int:number>/", reports.report, name="report"),
    path("reports/<int:number>/words/", reports.words, name="words"),
    path("reports/<int:number>/originals/", reports.originals, name="originals"),
    path("reports/<int:number>/accesses/", reports.accesses, name="accesses"),
    path("reports/<int:number>/hold/", holds.hold, name="hold"),
    path("holds/<int:hold>/release/", holds.release, name="release_hold"),
    path("reports/<int:number>/receipt/", reports.receipt, name="receipt"),
    path("referrals/", referrals.referrals, name="referrals"),
    path("referrals/<int:number>/", referrals.referral, name="referral"),
    path("referrals/<int:number>/dossier/", dossiers.dossier, name="dossier"),
    path("referrals/<int:number>/dossier/file/", dossiers.dossier_file, name="dossier_file"),
    path("referrals/<int:number>/acknowledge/", referrals.acknowledge, name="acknowledge"),
    path("referrals/<int:number>/answer/", referrals.answer, name="answer"),
    path("referrals/<int:number>/outside/", referrals.give_outside, name="give_outside"),
    path("corrections/<int:number>/acknowledge/", referrals.acknowledge_correction, name="acknowledge_correction"),
    path("indicators/", indicators.indicators, name="indicators"),
    path("indicators/<int:indicator>/", indicators.indicator, name="indicator"),
    path("indicators/<int:indicator>/confirm/", indicators.confirm, name="indicator_confirm"),
    path("indicators/<int:indicator>/release/", indicators.release, name="indicator_release"),
    path("indicators/<int:indicator>/opinion/", indicators.opinion, name="indicator_opinion"),
    path("indicators/<int:indicator>/withdraw/", indicators.withdraw, name="indicator_withdraw"),
    path("people/", people.people, name="people"),
    path("people/<int:person>/activate/", people.activate, name="person_activate"),
    path("people/<int:person>/roles/", people.roles, name="person_roles"),
    path("people/<int:person>/password/", people.password, name="person_password"),
    path("people/<int:person>/end/", people.end, name="person_end"),
    path("credentials/", credentials.credentials, name="credentials"),
    path("credentials/<int:credential>/rotate/", credentials.rotate, name="rotate"),
    path("credentials/<int:credential>/revoke/", credentials.revoke, name="revoke"),
]
