# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "opentelemetry-instrumentation-genai-anthropic==1.3b0",
#   "anthropic==2.14.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""Anthropic's SDK, watched by OpenTelemetry's own instrumentation."""

import os

os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_ONLY"
import anthropic_answer  # noqa: E402
import scenario  # noqa: E402
from opentelemetry.instrumentation.genai.anthropic import AnthropicInstrumentor  # noqa: E402

provider = scenario.tracer_provider()
AnthropicInstrumentor().instrument()
client = anthropic_answer.make_client()


def answer(turn, history):
    with scenario.request_span(turn):
        return anthropic_answer.answer(client, turn, history)


scenario.run(answer, provider.shutdown)
