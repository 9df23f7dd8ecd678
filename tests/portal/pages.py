"""Every public address, so that no page escapes the tests that all pages must pass."""

from tutela.law.strategy import initiatives

# Having read these can betray the reader: nothing keeps them.
PRIVATE = ("/danger", "/help", "/report", "/follow", "/follow?token=x.y")
CACHED = (
    "/",
    "/initiatives",
    *(f"/initiatives/{each.number}" for each in initiatives()),
    "/numbers",
    "/keys",
    "/about",
)
PAGES = (*CACHED, *PRIVATE)
# One page for each template and each state it can be in: initiatives with and without due dates, late and not.
SHAPES = tuple(page for page in PAGES if page not in {f"/initiatives/{number}" for number in (3, 5, 6, 7, 8)})
MACHINES = ("/keys.json", "/.well-known/security.txt")
NOT_FOUND = ("/no-such-page", "/initiatives/9", "/initiatives/0", "/follow/10000001-0000")
