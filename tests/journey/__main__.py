"""Play every step against a freshly started server; status 1 at the first surprise."""

from __future__ import annotations

import sys
import traceback

from tests.journey.applying import apply, arrive, open_programme, pronounce
from tests.journey.cast import Cast
from tests.journey.house import House
from tests.journey.selecting import compose, decide, score
from tests.journey.telling import Surprise
from tests.journey.walking import coach, enrol, look_around, progress

PLAYS = (open_programme, arrive, apply, pronounce, compose, score, decide, enrol, coach, progress, look_around)


def main() -> int:
    """From an empty database to a gate passed."""
    with House() as house:
        cast = Cast(house)
        try:
            for play in PLAYS:
                play(cast)
        except Exception as surprise:
            if not isinstance(surprise, Surprise):
                traceback.print_exc()
            print(f"\nSURPRISE: {surprise}\n\n{house.logged()}", file=sys.stderr)
            return 1
    return 0


sys.exit(main())
