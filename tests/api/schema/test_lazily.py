"""Values that are made when they are first asked for."""

from threading import Event, Thread

from olagraph_api.schema.lazily import lazily


class Made:
    """Counts how often its value is made; `held` keeps it from being done."""

    def __init__(self, held: Event) -> None:
        self.held = held
        self.begun = Event()
        self.times = 0

    @lazily
    def value(self) -> int:
        """The value."""
        self.begun.set()
        self.times += 1
        self.held.wait(30)
        return 42


def test_a_value_is_made_once() -> None:
    done = Event()
    done.set()
    made = Made(done)
    assert (made.value, made.value, made.times) == (42, 42, 1)
    assert Made.value.__doc__ == "The value."


def test_nobody_waits_for_the_value_of_another() -> None:
    held, done = Event(), Event()
    done.set()
    slow = Made(held)
    thread = Thread(target=lambda: slow.value)
    thread.start()
    try:
        assert slow.begun.wait(30)
        assert Made(done).value == 42
    finally:
        held.set()
        thread.join()
