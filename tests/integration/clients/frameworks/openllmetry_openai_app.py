# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "opentelemetry-instrumentation-openai==0.62.4",
#   "openai==3.57.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""OpenLLMetry's instrumentation of OpenAI's SDK."""

import openai
import scenario
from opentelemetry.instrumentation.openai import OpenAIInstrumentor

provider = scenario.tracer_provider()
# Beside a picture it would lose all messages: what it uploads them with by default fails.
OpenAIInstrumentor(upload_base64_image=None).instrument()

client = openai.OpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)


def answer(turn, history):
    with scenario.request_span(turn):
        return scenario.openai_answer(client, turn, history)


scenario.run(answer, provider.shutdown)
