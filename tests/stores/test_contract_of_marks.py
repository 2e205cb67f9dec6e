"""What a store tells on the spot: whether anybody has written to it meanwhile."""

from contextlib import closing
from dataclasses import replace

from tests.stores.places import Place, opened
from tests.stores.sqlite_files import SMALL, WITH_RETAIL
from tests.stores.test_contract_of_interference import NOTHING_ASSESSED
from tests.stores.writing import TENANT, put


def test_no_mark_outlives_what_anybody_writes(place: Place) -> None:
    """A store that tells none must be asked, always."""
    with closing(opened(place, create=True)) as one, closing(opened(place)) as other:
        writes = (
            lambda: put(other, SMALL),
            lambda: other.write_assessment(TENANT, NOTHING_ASSESSED),
            lambda: put(one, WITH_RETAIL),
            lambda: put(other, replace(SMALL, name="Another"), portfolio="another"),
            lambda: one.remove(TENANT),
            lambda: put(other, SMALL),
        )
        seen = [one.mark()]
        for write in writes:
            write()
            mark = one.mark()
            assert mark is None or mark not in seen
            seen.append(mark)
