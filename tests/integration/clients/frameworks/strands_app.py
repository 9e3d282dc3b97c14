# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "strands-agents[openai,otel]==1.62.0",
# ]
# ///
"""Strands Agents with spans of its own."""

import scenario
import strands_answer

scenario.run(strands_answer.answer, strands_answer.shutdown)
