# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "strands-agents[openai,otel]==1.62.0",
# ]
# ///
"""Strands Agents with spans of its own, after OpenTelemetry's latest names."""

import os

os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
import scenario  # noqa: E402
import strands_answer  # noqa: E402

scenario.run(strands_answer.answer, strands_answer.shutdown)
