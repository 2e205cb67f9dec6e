"""Futures that several wait for."""

from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


def shared_future() -> "Future[T]":
    """A future that none of those who wait for it can cancel for the others."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()
    return future


def copy_outcome(outcome: "Future[T]", future: "Future[T]") -> None:
    """Give one future what another came to, which is done."""
    error = outcome.exception()
    if error is None:
        future.set_result(outcome.result())
    else:
        future.set_exception(error)


def done_future(value: T) -> "Future[T]":
    """A future of what is there already."""
    future: Future[T] = Future()
    future.set_result(value)
    return future


def failed_future(error: Exception) -> "Future[Any]":
    """A future of what cannot be had."""
    future: Future[Any] = Future()
    future.set_exception(error)
    return future
