# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "traceloop-sdk==0.62.4",
#   "httpx==0.28.1",
#   "openai==3.57.0",
# ]
# ///
"""Traceloop's SDK: functions that it decorates, and OpenAI's SDK below."""

import os

import scenario

os.environ["TRACELOOP_BASE_URL"] = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
os.environ["TRACELOOP_API_KEY"] = "key"
os.environ["TRACELOOP_TELEMETRY"] = "false"
import openai  # noqa: E402
from opentelemetry import trace  # noqa: E402
from opentelemetry.instrumentation.openai import OpenAIInstrumentor  # noqa: E402
from traceloop.sdk import Instruments, Traceloop  # noqa: E402
from traceloop.sdk.decorators import agent, tool  # noqa: E402

Traceloop.init(app_name=scenario.SERVICE, block_instruments={Instruments.OPENAI})
# Beside a picture it would lose all messages: it uploads them to a place of Traceloop's own.
OpenAIInstrumentor(upload_base64_image=None).instrument()
client = openai.OpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)


@tool(name=scenario.TOOL)
def get_weather(city):
    return scenario.get_weather(city)


def use(arguments):
    try:
        return get_weather(**arguments)
    except ValueError as error:
        return f"Error: {error}"


def answer(turn, history):
    @agent(name="weather_bot")
    def chat():
        Traceloop.set_association_properties(
            {"session_id": turn.session, "user_id": scenario.USER}
        )
        return scenario.openai_answer(client, turn, history, use)

    return chat()


scenario.run(answer, lambda: trace.get_tracer_provider().shutdown())
