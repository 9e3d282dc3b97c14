# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "google-adk==2.13.0",
#   "litellm==1.110.2",
#   "opentelemetry-exporter-otlp-proto-http==1.44.0",
# ]
# ///
"""Google's Agent Development Kit with spans of its own, and no word of texts to record."""

import scenario

provider = scenario.tracer_provider()
import google_adk_answer  # noqa: E402

scenario.run(google_adk_answer.answer, provider.shutdown)
