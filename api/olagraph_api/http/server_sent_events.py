"""Answers as server-sent events: the distinct connections mode of the graphql-sse protocol."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from starlette.responses import StreamingResponse

from olagraph_api.http.answers import Answer
from olagraph_api.http.media_types import EVENTS

_COMPLETE = b"event: complete\ndata:\n\n"
_PING = b":\n\n"


def event_stream(answers: AsyncGenerator[Answer], *, ping_seconds: float) -> StreamingResponse:
    """A response that sends each answer as it comes.

    Args:
        answers: closed when the client goes away.
        ping_seconds: a comment is sent after this long without an answer, so that nothing between takes it for dead.
    """
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_events(answers, ping_seconds), headers=headers, media_type=EVENTS)


async def _events(answers: AsyncGenerator[Answer], ping_seconds: float) -> AsyncIterator[bytes]:
    coming: asyncio.Task[Answer | None] | None = None
    try:
        yield _PING  # the client learns at once that the stream is open
        while True:
            coming = coming or asyncio.ensure_future(anext(answers, None))
            done, _ = await asyncio.wait({coming}, timeout=ping_seconds)
            if not done:
                yield _PING
                continue
            answer, coming = coming.result(), None
            if answer is None:
                yield _COMPLETE
                return
            yield b"event: next\ndata: " + answer.encoded() + b"\n\n"
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        await answers.aclose()
