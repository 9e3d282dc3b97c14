# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "google-adk==2.13.0",
#   "litellm==1.110.2",
#   "opentelemetry-exporter-otlp-proto-http==1.44.0",
# ]
# ///
"""Google's Agent Development Kit with spans of its own, over a model of LiteLLM's."""

import os

os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_AND_EVENT"
import scenario  # noqa: E402

provider = scenario.tracer_provider(logs=True)
import google_adk_answer  # noqa: E402

scenario.run(google_adk_answer.answer, provider.shutdown)
