"""Every public address, so that no page escapes the tests that all pages must pass."""

from tutela.law.instruments import all_instruments
from tutela.law.strategy import initiatives
from tutela.portal.opendata_tables import DATASETS

# Having read these can betray the reader: nothing keeps them.
PRIVATE = ("/danger", "/help", "/report", "/follow", "/follow?token=x.y")
CACHED = (
    "/",
    "/initiatives",
    *(f"/initiatives/{each.number}" for each in initiatives()),
    "/gaps",
    "/gaps?state=RO",
    "/gaps?state=DK&initiative=7",
    "/practices",
    "/actions",
    "/actions?state=EU&initiative=3&standing=late",
    "/law",
    "/law/today",
    "/law/today?on=2026-05-01&service=interpersonal&purpose=detection",
    "/law/today?on=2026-08-15&service=interpersonal&purpose=detection",
    "/law/matrix",
    "/law/matrix?page=2",
    "/law/matrix?state=RO",
    "/law/matrix?provision=dir-2011-93:art-25-1&status=not+bound",
    "/law/matrix?theme=prevention&status=conform",
    "/law/matrix/dir-2011-93:art-25-1/RO",
    "/law/matrix/dir-2011-93:art-25-1/DK",
    *(f"/law/{each.id}" for each in all_instruments()),
    "/timeline",
    "/timeline?kind=act&initiative=2&year=2021",
    "/cooperation",
    "/readers",
    "/data",
    *(f"/data/{each.name}" for each in DATASETS),
    "/numbers",
    "/keys",
    "/about",
)
PAGES = (*CACHED, *PRIVATE)
# What is asked in words that do not exist is answered with the page and a sentence for each fault.
REFUSED = (
    "/gaps?state=UK&initiative=9",
    "/actions?state=UK&initiative=9&standing=soon&page=0",
    "/law/today?on=2026-02-30&service=post&purpose=&audio=no",
    "/law/matrix?provision=x&state=UK&theme=x&status=x&page=0",
    "/timeline?kind=war&initiative=9&year=1001",
)
ALIKE = {
    "/gaps?state=DK&initiative=7",
    "/actions?state=EU&initiative=3&standing=late",
    *(f"/initiatives/{number}" for number in (5, 6, 7, 8)),
    *(f"/law/{each.id}" for each in all_instruments() if each.id not in {"dir-2011-93", "csar-2022-209"}),
    *(f"/data/{each.name}" for each in DATASETS if each.name not in {"provisions", "figures"}),
    "/law/matrix?page=2",
    "/law/matrix?provision=dir-2011-93:art-25-1&status=not+bound",
    "/law/matrix/dir-2011-93:art-25-1/DK",
    "/timeline?kind=act&initiative=2&year=2021",
    "/law/today?on=2026-08-15&service=interpersonal&purpose=detection",
}
# One page for each template and each state it can be in: initiatives with and without due dates, late and not.
SHAPES = (*(page for page in PAGES if page not in ALIKE), *REFUSED)
# What is there once somebody has found, planned and promised something.
FURNISHED = (
    "/law/matrix?status=partly",
    "/law/matrix/dir-2011-93:art-22/RO",
    "/law/matrix/dir-2011-93:art-25-2/RO",
    "/actions?page=2",
    "/actions?standing=done",
)
MACHINES = (
    "/keys.json",
    "/.well-known/security.txt",
    "/timeline.atom",
    "/timeline.json",
    "/data/catalogue.jsonld",
    "/law/matrix.csv",
    "/law/matrix.json?state=RO",
    "/law/matrix.xlsx?theme=online",
    *(f"/data/{each.name}.{form}" for each in DATASETS for form in ("csv", "json", "jsonld")),
)
NOT_FOUND = (
    "/no-such-page",
    "/initiatives/9",
    "/initiatives/0",
    "/follow/10000001-0000",
    "/law/no-such-act",
    "/law/matrix?page=99",
    "/actions?page=99",
    "/law/matrix.pdf",
    "/law/matrix/dir-2011-93:art-99/RO",
    "/law/matrix/dir-2011-93:art-25-1/UK",
    "/law/matrix/dir-2011-93:art-25-1/ro",
    "/data/no-such-table",
    "/data/timeline.xml",
    "/data/no-such-table.csv",
)
