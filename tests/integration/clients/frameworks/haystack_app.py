# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "haystack-ai==3.4.1",
#   "opentelemetry-haystack==2.0.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""Haystack's agent with its own tracer."""

import os

os.environ["HAYSTACK_CONTENT_TRACING_ENABLED"] = "true"
import scenario  # noqa: E402

provider = scenario.tracer_provider()
import haystack_answer  # noqa: E402
from haystack_integrations.components.connectors.opentelemetry import (  # noqa: E402
    OpenTelemetryConnector,
)

connector = OpenTelemetryConnector()

scenario.run(haystack_answer.answer, provider.shutdown, retrieves=True)
