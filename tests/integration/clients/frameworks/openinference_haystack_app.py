# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "haystack-ai==3.4.1",
#   "openinference-instrumentation-haystack==0.1.46",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""Haystack's agent, watched by OpenInference."""

import haystack_answer
import scenario
from openinference.instrumentation.haystack import HaystackInstrumentor

provider = scenario.tracer_provider()
HaystackInstrumentor().instrument()

scenario.run(haystack_answer.answer, provider.shutdown, retrieves=True)
