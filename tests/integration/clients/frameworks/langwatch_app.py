# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "langwatch==1.4.0",
#   "openai==2.54.0",
# ]
# ///
"""LangWatch's SDK, which watches OpenAI's."""

import os

import scenario

os.environ["LANGWATCH_ENDPOINT"] = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
os.environ["LANGWATCH_API_KEY"] = "key"
import langwatch  # noqa: E402
import openai  # noqa: E402
from langwatch.domain import RAGChunk  # noqa: E402
from opentelemetry import trace  # noqa: E402

langwatch.setup()
client = openai.OpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)


@langwatch.span(type="tool", name=scenario.TOOL)
def get_weather(city):
    return scenario.get_weather(city)


def use(arguments):
    try:
        return get_weather(**arguments)
    except ValueError as error:
        return f"Error: {error}"


@langwatch.span(type="rag", name="almanac")
def search(query):
    chunks = [RAGChunk(document_id=name, content=text) for name, text in scenario.DOCUMENTS]
    langwatch.get_current_span().update(contexts=chunks)
    return [text for _, text in scenario.DOCUMENTS]


@langwatch.trace(name="weather_bot")
def chat(question, turn, history):
    current = langwatch.get_current_trace()
    current.autotrack_openai_calls(client)
    current.update(metadata={"user_id": scenario.USER, "thread_id": turn.session})
    if turn.retrieves:
        turn = scenario.with_documents(turn, search(question))
    return scenario.openai_answer(client, turn, history, use)


def answer(turn, history):
    return chat(turn.question, turn, history)


scenario.run(answer, lambda: trace.get_tracer_provider().force_flush(), retrieves=True)
