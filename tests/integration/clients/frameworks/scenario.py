"""What every framework is asked: six scenarios of a weather assistant.

An application calls run() with a function that answers one turn with its framework. The settings
come from the environment: MODEL_URL, the fake model, and OTEL_EXPORTER_OTLP_ENDPOINT, ingest.
"""

import asyncio
import base64
import contextlib
import dataclasses
import hashlib
import json
import os
import struct
import sys
import time
import traceback
import zlib

MODEL = "gpt-4o-mini"
INSTRUCTIONS = "You are a weather assistant."
SERVICE = "weather-backend"
USER = "customer-4711"

# What SDKs that keep scores say of the answer that needed tools.
SCORE = ("helpful", 0.75)

TOOL = "get_weather"
TOOL_DESCRIPTION = "The weather in a city."
SUNNY = "18 C, sunny"
UNKNOWN_CITY = "no such city: Atlantis"
TOOL_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
}
OPENAI_TOOLS = [
    {
        "type": "function",
        "function": {
            "name": TOOL,
            "description": TOOL_DESCRIPTION,
            "parameters": TOOL_SCHEMA,
        },
    }
]


def get_weather(city: str) -> str:
    """The weather in a city.

    Args:
        city: The name of the city.
    """
    if city == "Atlantis":
        raise ValueError(UNKNOWN_CITY)
    return SUNNY


def png(width=64, height=64):
    """A picture of noise, which stays as large whoever packs it anew."""

    def chunk(kind, data):
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    noise = b"".join(
        hashlib.sha256(bytes([i % 256, i // 256])).digest() for i in range(width * height * 3 // 32)
    )
    stride = width * 3
    rows = b"".join(b"\0" + noise[i * stride : (i + 1) * stride] for i in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


PICTURE = png()
PICTURE_BASE64 = base64.b64encode(PICTURE).decode()
PICTURE_URL = "data:image/png;base64," + PICTURE_BASE64


@dataclasses.dataclass(frozen=True)
class Turn:
    question: str
    answer: str
    session: str
    calls_tools: bool = False
    fails: bool = False
    stream: bool = False
    picture: bool = False
    retrieves: bool = False


SCENARIOS = {
    "tools": [
        Turn(
            "What is the weather in Paris and in Atlantis?",
            "It is 18 C and sunny in Paris. I know of no Atlantis.",
            "session-tools",
            calls_tools=True,
        )
    ],
    "failing": [Turn("Please ask a model that fails.", "", "session-failing", fails=True)],
    "streaming": [
        Turn(
            "Tell me of clouds, word by word.",
            "Clouds are water. They drift, and then it rains.",
            "session-streaming",
            stream=True,
        )
    ],
    "picture": [
        Turn(
            "Which colour has the sky of this picture?",
            "Red, as at sunset.",
            "session-picture",
            picture=True,
        )
    ],
    "three turns": [
        Turn("Is it cold in Oslo?", "Yes, 2 C.", "session-three"),
        Turn("And do I need an umbrella there?", "Yes, it rains.", "session-three"),
        Turn("Then where is it warm?", "In Lisbon, 21 C.", "session-three"),
    ],
    "documents": [
        Turn(
            "How warm will July be in Oslo?",
            "About 22 C, says the almanac.",
            "session-documents",
            retrieves=True,
        )
    ],
}
TURNS = [turn for turns in SCENARIOS.values() for turn in turns]

# What is found for the last of them: ids and texts.
DOCUMENTS = [
    ("almanac-7", "In Oslo it is 22 C in July, on average."),
    ("almanac-8", "In Oslo it rains on twelve days of July."),
]

# What the model has to know.
SCRIPT = {
    "answers": {turn.question: turn.answer for turn in TURNS},
    "failing": SCENARIOS["failing"][0].question,
    "asks_tools": SCENARIOS["tools"][0].question,
    "tool": TOOL,
    "results": [SUNNY, UNKNOWN_CITY],
    "cities": ["Paris", "Atlantis"],
}


def model_url():
    return os.environ["MODEL_URL"]


def openai_url():
    return model_url() + "/v1"


def tracer_provider(logs=False):
    """OpenTelemetry as its documents set it up; with `logs`, log records are exported too."""
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({"service.name": SERVICE})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    if logs:
        from opentelemetry._logs import set_logger_provider
        from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
        from opentelemetry.sdk._logs import LoggerProvider
        from opentelemetry.sdk._logs.export import BatchLogRecordProcessor

        logger_provider = LoggerProvider(resource=resource)
        logger_provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
        set_logger_provider(logger_provider)
    return provider


@contextlib.contextmanager
def request_span(turn):
    """The span around a request, as a web application has one, that says whose it is."""
    from opentelemetry import trace

    attributes = {"session.id": turn.session, "user.id": USER}
    with trace.get_tracer("weather").start_as_current_span("POST /chat", attributes=attributes):
        yield


def openai_messages(turn, history):
    """The turn as the chat completions take it, behind the turns before it."""
    messages = [{"role": "system", "content": INSTRUCTIONS}]
    for question, answer in history:
        messages.append({"role": "user", "content": question})
        messages.append({"role": "assistant", "content": answer})
    content = turn.question
    if turn.picture:
        content = [
            {"type": "text", "text": turn.question},
            {"type": "image_url", "image_url": {"url": PICTURE_URL}},
        ]
    return [*messages, {"role": "user", "content": content}]


def with_documents(turn, texts):
    """The question as a model is asked that was given documents."""
    return dataclasses.replace(turn, question=f"{turn.question}\n\nUse these: " + " ".join(texts))


def use_tool(arguments):
    """The result of a call; an error is told to the model, as agents do."""
    try:
        return get_weather(**arguments)
    except ValueError as error:
        return f"Error: {error}"


def openai_answer(client, turn, history, use=use_tool):
    """The loop of an agent that somebody wrote without a framework."""
    messages = openai_messages(turn, history)
    if turn.stream:
        options = {"include_usage": True}
        chunks = client.chat.completions.create(
            model=MODEL, messages=messages, stream=True, stream_options=options
        )
        return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    options = {"tools": OPENAI_TOOLS} if turn.calls_tools else {}
    while True:
        reply = client.chat.completions.create(model=MODEL, messages=messages, **options)
        message = reply.choices[0].message
        if not message.tool_calls:
            return message.content
        messages.append(message.model_dump(exclude_none=True))
        for call in message.tool_calls:
            content = use(json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": content})


def wait(coroutine):
    """Runs it in one loop for all, since the clients of models keep their connections."""
    return _loop.run_until_complete(coroutine)


_loop = asyncio.new_event_loop()


def run(answer, shutdown=None, retrieves=False):
    """Asks everything; `answer(turn, history)` returns what the framework said.

    What wants documents is asked only where the application `retrieves`.
    """
    only = os.environ.get("SCENARIO")
    for name, turns in SCENARIOS.items():
        if (only and name != only) or (turns[0].retrieves and not retrieves):
            continue
        begin_us = time.time_ns() // 1000
        history = []
        for turn in turns:
            said = ""
            try:
                said = answer(turn, list(history))
            except Exception:
                if not turn.fails:
                    traceback.print_exc()
                    print(json.dumps({"broke": name}), flush=True)
            if said != turn.answer and not turn.fails:
                print(f"{name}: the framework said {said!r}", file=sys.stderr)
            history.append((turn.question, turn.answer))
        # On a line of its own, whatever the framework printed.
        window = {"scenario": name, "begin_us": begin_us, "end_us": time.time_ns() // 1000}
        print("\n" + json.dumps(window))
        sys.stdout.flush()
    if shutdown:
        shutdown()
