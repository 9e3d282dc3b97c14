# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "openinference-instrumentation-openai==0.1.66",
#   "openai==3.57.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""OpenInference's instrumentation of OpenAI's SDK."""

import openai
import scenario
from openinference.instrumentation.openai import OpenAIInstrumentor

provider = scenario.tracer_provider()
OpenAIInstrumentor().instrument()

client = openai.OpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)


def answer(turn, history):
    with scenario.request_span(turn):
        return scenario.openai_answer(client, turn, history)


scenario.run(answer, provider.shutdown)
