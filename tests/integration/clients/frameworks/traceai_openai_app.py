# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "traceai-openai==0.1.10",
#   "openai==2.54.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""OpenAI's SDK, watched by Future AGI's traceAI."""

import openai
import scenario
from traceai_openai import OpenAIInstrumentor

provider = scenario.tracer_provider()
OpenAIInstrumentor().instrument(tracer_provider=provider)
client = openai.OpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)


def answer(turn, history):
    with scenario.request_span(turn):
        return scenario.openai_answer(client, turn, history)


scenario.run(answer, provider.shutdown)
