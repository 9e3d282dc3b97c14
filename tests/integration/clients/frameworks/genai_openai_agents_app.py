# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "openai-agents==0.24.0",
#   "opentelemetry-instrumentation-genai-openai-agents==1.3b0",
#   "opentelemetry-instrumentation-genai-openai==1.3b0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""OpenAI's Agents SDK, it and OpenAI's SDK watched by OpenTelemetry's own instrumentations."""

import os

os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_ONLY"
import openai_agents_answer  # noqa: E402
import scenario  # noqa: E402
from agents import set_trace_processors  # noqa: E402
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor  # noqa: E402
from opentelemetry.instrumentation.genai.openai_agents import (  # noqa: E402
    OpenAIAgentsInstrumentor,
)

provider = scenario.tracer_provider()
set_trace_processors([])
OpenAIAgentsInstrumentor().instrument()
OpenAIInstrumentor().instrument()
openai_agents_answer.use_model()

scenario.run(openai_agents_answer.answer, provider.shutdown)
