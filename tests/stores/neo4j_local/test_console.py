"""What Java printed, in one line."""

from olagraph.stores.neo4j_local.console import summary


def test_of_an_exception_the_innermost_cause_is_told():
    printed = (
        "2026-11-23 09:00:00.000+0000 ERROR Failed to start Neo4j on dbms.connector.http.listen_address.\n"
        "java.lang.RuntimeException: Error starting Neo4j database server\n"
        "\tat org.neo4j.server.X.start(X.java:1)\n"
        "Caused by: org.neo4j.kernel.lifecycle.LifecycleException: Component 'x' failed\n"
        "\t... 12 more\n"
        "Caused by: org.neo4j.io.locker.FileLockException: The file is locked by another process.\n"
        "\tat org.neo4j.io.Y.lock(Y.java:2)\n"
        "2026-11-23 09:00:01.000+0000 INFO  Stopped.\n"
    )
    assert summary(printed) == "The file is locked by another process"


def test_without_an_exception_the_last_lines_are_told_without_time_stamps():
    printed = (
        "2026-11-23 09:00:00.000+0000 INFO  Starting...\n\nError of the machine\nToo small maximum heap\n"
    )
    assert summary(printed) == "Starting; Error of the machine; Too small maximum heap"


def test_silence_is_told_too():
    assert summary("\n") == "it printed nothing"


def test_a_flood_is_cut():
    assert len(summary("x" * 10_000)) == 301
