# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "opentelemetry-instrumentation-genai-openai==1.3b0",
#   "openai==3.57.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""OpenTelemetry's own instrumentation of OpenAI's SDK, with texts in log records."""

import os

import openai
import scenario

os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "EVENT_ONLY"
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor  # noqa: E402

provider = scenario.tracer_provider(logs=True)
OpenAIInstrumentor().instrument()

client = openai.OpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)


def answer(turn, history):
    with scenario.request_span(turn):
        return scenario.openai_answer(client, turn, history)


scenario.run(answer, provider.shutdown)
