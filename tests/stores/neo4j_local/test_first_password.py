"""The first password: what Neo4j will know, whatever characters it has."""

import hashlib

import pytest

from olagraph.stores.neo4j_local.folder import Folder
from olagraph.stores.neo4j_local.installation import install
from olagraph.stores.neo4j_local.java import set_first_password, write_configuration
from tests.stores.neo4j_local.servers import small


def hashed(password: bytes, *, salt: bytes, iterations: int) -> str:
    """The salt and the password through SHA-256, and the digest again and again."""
    digest = hashlib.sha256(salt + password).digest()
    for _ in range(iterations - 1):
        digest = hashlib.sha256(digest).digest()
    return digest.hex()


@pytest.mark.parametrize("password", ["--help and more", "@file of words", '# \\n "it\'s" ünï \\'])
def test_it_is_taken_literally_and_kept_as_a_salted_hash_only(tmp_path, password):
    folder = Folder(tmp_path)
    folder.make()
    write_configuration(folder, small(tmp_path), port=7687)
    set_first_password(install(progress=lambda line: None), folder, password=password)
    (kept,) = (tmp_path / "data" / "dbms" / "auth.ini").read_text(encoding="utf-8").split()
    name, how, _ = kept.split(":")
    algorithm, digest, salt, iterations = how.split(",")
    assert (name, algorithm) == ("neo4j", "SHA-256")
    assert digest == hashed(password.encode(), salt=bytes.fromhex(salt), iterations=int(iterations))
    assert not any(password in file.read_text() for file in tmp_path.rglob("*") if file.is_file())
