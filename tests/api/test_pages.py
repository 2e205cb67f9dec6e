"""The web interface as it is served: its pages at every address of theirs, what they load kept for ever."""

from pathlib import Path

import pytest

from olagraph.stores import Store
from tests.api.applications import client

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    (folder / "assets").mkdir(parents=True)
    (folder / "graphiql").mkdir()
    (folder / "index.html").write_text("<title>pages</title>")
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "page-0123abcd.js").write_text("let x = 1;" * 200)
    (folder / "graphiql" / "index.html").write_text("<title>GraphiQL</title>")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


def test_the_page_is_at_every_address_that_it_may_have(embedded: Store, pages: Path) -> None:
    with client(embedded, pages=pages) as asking:
        for path in ("/", "/assessments", "/services/web-shop?asOf=2026-01-01", "/a/b/c"):
            answer = asking.get(path, headers=HTML)
            assert (answer.status_code, answer.text) == (200, "<title>pages</title>")
            assert answer.headers["Cache-Control"] == "no-cache"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_what_the_page_loads_is_kept_for_ever_and_sent_small(embedded: Store, pages: Path) -> None:
    with client(embedded, pages=pages) as asking:
        answer = asking.get("/assets/page-0123abcd.js")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "javascript" in answer.headers["Content-Type"]
        again = asking.get("/assets/page-0123abcd.js", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        assert asking.get("/favicon.svg").text == "<svg/>"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone.js",
        "/gone.png",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/../../secret.txt",
        "//etc/passwd",
        "/a%00b",
    ],
)
def test_what_is_not_there_is_not_found(embedded: Store, pages: Path, path: str) -> None:
    with client(embedded, pages=pages) as asking:
        answer = asking.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_graphiql_is_where_people_are_sent_who_open_the_api_in_a_browser(
    embedded: Store, pages: Path
) -> None:
    with client(embedded, pages=pages) as asking:
        for path in ("/graphql", "/graphiql", "/graphiql/"):
            answer = asking.get(path, headers=HTML)
            assert (answer.url.path, answer.text) == ("/graphiql/", "<title>GraphiQL</title>")
        assert asking.get("/graphql?query={__typename}", headers=HTML).json() == {
            "data": {"__typename": "Query"}
        }


def test_an_installation_without_pages_says_so(embedded: Store, tmp_path: Path) -> None:
    with client(embedded, pages=tmp_path / "nothing") as asking:
        for path in ("/", "/graphiql/"):
            answer = asking.get(path, headers=HTML)
            assert answer.status_code == 200
            assert "was not built into this installation" in answer.text
        assert asking.get("/assets/x.js").status_code == 404
