# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "logfire==5.4.0",
#   "pydantic-ai-slim[openai]==2.68.0",
# ]
# ///
"""Logfire's instrumentation of Pydantic AI, which exports to ingest alone."""

import logfire
import pydantic_ai_answer
import scenario

logfire.configure(
    send_to_logfire=False, service_name=scenario.SERVICE, console=False, scrubbing=False
)
logfire.instrument_pydantic_ai()

scenario.run(pydantic_ai_answer.answer, logfire.shutdown)
