# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "openlit==1.45.0",
#   "openai==2.54.0",
# ]
# ///
"""OpenLIT, which sets up OpenTelemetry by itself."""

import openai
import openlit
import scenario
from opentelemetry import trace

openlit.init(service_name=scenario.SERVICE, disable_metrics=True)
provider = trace.get_tracer_provider()

client = openai.OpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)


def answer(turn, history):
    with scenario.request_span(turn):
        return scenario.openai_answer(client, turn, history)


scenario.run(answer, provider.shutdown)
