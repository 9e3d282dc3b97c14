# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "openai-agents==0.24.0",
#   "openinference-instrumentation-openai-agents==2.6.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""OpenAI's Agents SDK over its Responses API, watched by OpenInference."""

import openai_agents_answer
import scenario
from agents import set_trace_processors
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor

provider = scenario.tracer_provider()
set_trace_processors([])
OpenAIAgentsInstrumentor().instrument()
openai_agents_answer.use_model()

scenario.run(openai_agents_answer.answer, provider.shutdown)
