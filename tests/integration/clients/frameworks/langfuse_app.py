# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "langfuse==5.0.4",
#   "openai==3.57.0",
# ]
# ///
"""Langfuse's SDK: its wrapper of OpenAI's, and functions that it observes."""

import os

import scenario

os.environ["LANGFUSE_BASE_URL"] = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
os.environ["LANGFUSE_PUBLIC_KEY"] = "weather"
os.environ["LANGFUSE_SECRET_KEY"] = "key"
from langfuse import get_client, observe, propagate_attributes  # noqa: E402
from langfuse.openai import openai  # noqa: E402

client = openai.OpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)


@observe(as_type="tool", name=scenario.TOOL)
def get_weather(city):
    return scenario.get_weather(city)


def use(arguments):
    try:
        return get_weather(**arguments)
    except ValueError as error:
        return f"Error: {error}"


@observe(as_type="retriever", name="almanac")
def search(query):
    return [{"id": name, "content": text} for name, text in scenario.DOCUMENTS]


@observe(as_type="agent", name="weather_bot")
def chat(question, turn, history):
    if turn.calls_tools:
        name, value = scenario.SCORE
        langfuse = get_client()
        langfuse.create_score(
            trace_id=langfuse.get_current_trace_id(), name=name, value=value, comment="short"
        )
    if turn.retrieves:
        turn = scenario.with_documents(turn, [found["content"] for found in search(question)])
    return scenario.openai_answer(client, turn, history, use)


def answer(turn, history):
    with propagate_attributes(session_id=turn.session, user_id=scenario.USER):
        return chat(turn.question, turn, history)


scenario.run(answer, get_client().shutdown, retrieves=True)
