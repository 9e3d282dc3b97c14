# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "lmnr==0.8.2",
#   "openai==2.54.0",
# ]
# ///
"""Laminar's SDK, which watches OpenAI's."""

import os

import openai
import scenario
from lmnr import Laminar, observe

host, port = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"].rsplit(":", 1)
Laminar.initialize(project_api_key="key", base_url=host, http_port=int(port), force_http=True)
client = openai.OpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)


@observe(span_type="TOOL", name=scenario.TOOL)
def get_weather(city):
    return scenario.get_weather(city)


def use(arguments):
    try:
        return get_weather(**arguments)
    except ValueError as error:
        return f"Error: {error}"


@observe(name="weather_bot")
def chat(question, turn, history):
    Laminar.set_trace_session_id(turn.session)
    Laminar.set_trace_user_id(scenario.USER)
    return scenario.openai_answer(client, turn, history, use)


def answer(turn, history):
    return chat(turn.question, turn, history)


scenario.run(answer, Laminar.shutdown)
