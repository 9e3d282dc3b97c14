# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "logfire==5.4.0",
#   "openai==3.57.0",
# ]
# ///
"""Logfire's instrumentation of OpenAI's SDK, which exports to ingest alone."""

import logfire
import openai
import scenario

logfire.configure(
    send_to_logfire=False, service_name=scenario.SERVICE, console=False, scrubbing=False
)
logfire.instrument_openai()
client = openai.OpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)


def answer(turn, history):
    with scenario.request_span(turn):
        return scenario.openai_answer(client, turn, history)


scenario.run(answer, logfire.shutdown)
