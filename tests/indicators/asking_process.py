"""Another process of the house: it says what it knows of each hash it is asked about, one line for one line."""

import sys

import django

django.setup()

from tutela.indicators import matching, memory  # noqa: E402
from tutela.indicators.models.indicator import Indicators  # noqa: E402


def main() -> None:
    if "deaf" in sys.argv:
        memory.Memory._catch_up = lambda self, index: None
    if "blind" in sys.argv:
        Indicators.that_count = lambda self: self.extra(select={"is_positive": "true"})
    for line in sys.stdin:
        kind, value = line.split()
        [hits] = matching.match([[matching.Fingerprint(kind, bytes.fromhex(value), 90)]])
        print(" ".join(str(hit.indicator_id) for hit in hits), flush=True)


if __name__ == "__main__":
    main()
