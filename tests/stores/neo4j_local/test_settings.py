"""What a local server can be asked for."""

from pathlib import Path

import pytest

from olagraph.stores import StoreError
from olagraph.stores.neo4j_local import ServerSettings, start
from tests.stores.neo4j_local.servers import small

HERE = Path("graph")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"port": 65536}, "port 65536 is none"),
        ({"port": -1}, "port -1 is none"),
        ({"heap": "1"}, "'1' is no size of a heap"),
        ({"heap": "0g"}, "'0g' is no size of a heap"),
        ({"page_cache": "many"}, "'many' is no size of a page cache"),
        ({"extra": {"server.x": "1\ndbms.security.auth_enabled=false"}}, "'server.x' is no setting of Neo4j"),
        ({"extra": {"a=b": "1"}}, "'a=b' is no setting of Neo4j"),
        ({"password": "line\nbreak"}, "the password holds a control character"),
    ],
)
def test_a_value_that_neo4j_could_not_take_is_refused_at_once(wrong, said):
    with pytest.raises(StoreError, match=said):
        ServerSettings(folder=HERE, **wrong)


def test_the_password_shows_in_no_repr():
    assert "secret word" not in repr(ServerSettings(folder=HERE, password="secret word"))


def test_what_makes_the_server_local_is_not_for_settings(tmp_path):
    with pytest.raises(StoreError, match=r"server\.bolt\.listen_address is not for an extra setting"):
        start(small(tmp_path, extra={"server.bolt.listen_address": "0.0.0.0:1"}))


def test_a_password_that_neo4j_would_not_take_is_too_short(tmp_path):
    with pytest.raises(StoreError, match="too short: Neo4j takes one of 8 characters or more"):
        start(small(tmp_path, password="seven 7"))
