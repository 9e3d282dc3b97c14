# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "google-adk==2.13.0",
#   "litellm==1.110.2",
#   "openinference-instrumentation-google-adk==1.0.5",
#   "opentelemetry-exporter-otlp-proto-http==1.44.0",
# ]
# ///
"""Google's Agent Development Kit, watched by OpenInference."""

import scenario
from openinference.instrumentation.google_adk import GoogleADKInstrumentor

provider = scenario.tracer_provider()
GoogleADKInstrumentor().instrument()
import google_adk_answer  # noqa: E402

scenario.run(google_adk_answer.answer, provider.shutdown)
