# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "opentelemetry-instrumentation-anthropic==0.62.4",
#   "anthropic==2.14.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""Anthropic's SDK, watched by OpenLLMetry."""

import anthropic_answer
import scenario
from opentelemetry.instrumentation.anthropic import AnthropicInstrumentor

provider = scenario.tracer_provider()
AnthropicInstrumentor().instrument()
client = anthropic_answer.make_client()


def answer(turn, history):
    with scenario.request_span(turn):
        return anthropic_answer.answer(client, turn, history)


scenario.run(answer, provider.shutdown)
