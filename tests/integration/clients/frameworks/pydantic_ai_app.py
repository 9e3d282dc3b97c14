# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "pydantic-ai-slim[openai]==2.68.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""Pydantic AI with spans of its own."""

import pydantic_ai_answer
import scenario
from pydantic_ai import Agent

provider = scenario.tracer_provider()
Agent.instrument_all()

scenario.run(pydantic_ai_answer.answer, provider.shutdown)
