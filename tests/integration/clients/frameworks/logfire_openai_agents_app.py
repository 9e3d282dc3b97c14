# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "logfire==5.4.0",
#   "openai-agents==0.24.0",
# ]
# ///
"""Logfire's instrumentation of OpenAI's Agents SDK, which exports to ingest alone."""

import logfire
import openai_agents_answer
import scenario
from agents import set_trace_processors

logfire.configure(
    send_to_logfire=False, service_name=scenario.SERVICE, console=False, scrubbing=False
)
set_trace_processors([])
logfire.instrument_openai_agents()
openai_agents_answer.use_model()

scenario.run(openai_agents_answer.answer, logfire.shutdown)
