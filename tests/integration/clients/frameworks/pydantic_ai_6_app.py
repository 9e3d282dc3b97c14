# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "pydantic-ai-slim[openai]==2.68.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""Pydantic AI with spans of its own, in version 6 of their form."""

import pydantic_ai_answer
import scenario
from pydantic_ai import Agent
from pydantic_ai.models.instrumented import InstrumentationSettings

provider = scenario.tracer_provider()
Agent.instrument_all(InstrumentationSettings(version=6))

scenario.run(pydantic_ai_answer.answer, provider.shutdown)
