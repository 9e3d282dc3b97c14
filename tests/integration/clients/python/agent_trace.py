"""A support agent as OpenTelemetry's SDK for Python records one.

For each trace an agent with a retrieval, two calls of a model and a tool between them, and the
evaluation of a judge as an event of the agent's span. The spans leave in several exports, the
agent's own in the last.

    python agent_trace.py PROTOCOL ENDPOINT TRACES

PROTOCOL is grpc or http/protobuf; ENDPOINT such as http://127.0.0.1:4318. Prints the id of every
trace, and exits with 1 where an export failed for good.
"""

import json
import logging
import sys

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

EXPORT_SECONDS = 30


def make_exporter(protocol, endpoint):
    """The SDK's exporter, with its own retries."""
    if protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        return OTLPSpanExporter(endpoint=endpoint, insecure=True, timeout=EXPORT_SECONDS)
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(
        endpoint=endpoint + "/v1/traces", compression=Compression.Deflate, timeout=EXPORT_SECONDS
    )


class WatchedExporter(SpanExporter):
    """Counts the exports that failed for good, which the SDK's processor only logs."""

    def __init__(self, exporter):
        self.exporter = exporter
        self.failures = 0

    def export(self, spans):
        result = self.exporter.export(spans)
        self.failures += result is not SpanExportResult.SUCCESS
        return result

    def shutdown(self):
        self.exporter.shutdown()

    def force_flush(self, timeout_millis=30_000):
        return self.exporter.force_flush(timeout_millis)


def message(role, content):
    return {"role": role, "parts": [{"type": "text", "content": content}]}


def call_model(tracer, question, output, tokens):
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "support-model-1",
        "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "Be brief."}]),
        "gen_ai.input.messages": json.dumps([message("user", question)]),
        "gen_ai.output.messages": json.dumps([output]),
        "gen_ai.usage.input_tokens": tokens[0],
        "gen_ai.usage.output_tokens": tokens[1],
    }
    with tracer.start_as_current_span(
        "chat support-model-1", kind=trace.SpanKind.CLIENT, attributes=attributes
    ):
        pass


def answer(tracer, flush, number):
    question = f"Where is card {number}?"
    call = {"id": f"call-{number}", "name": "card_status", "arguments": {"card": number}}
    reply = f"Card {number} is on its way."
    attributes = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "support",
        "gen_ai.conversation.id": f"conversation-{number}",
        "gen_ai.input.messages": json.dumps([message("user", question)]),
        "gen_ai.output.messages": json.dumps([message("assistant", reply)]),
    }
    with tracer.start_as_current_span("invoke_agent support", attributes=attributes) as agent:
        documents = [{"id": "faq-7", "content": "Cards arrive within ten days.", "score": 0.9}]
        retrieval = {
            "gen_ai.operation.name": "retrieval",
            "gen_ai.data_source.id": "cards",
            "gen_ai.retrieval.documents": json.dumps(documents),
        }
        with tracer.start_as_current_span("retrieval cards", attributes=retrieval):
            pass
        wish = {"role": "assistant", "parts": [{"type": "tool_call", **call}]}
        call_model(tracer, question, wish, (100, 20))
        flush()
        tool = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": call["name"],
            "gen_ai.tool.call.id": call["id"],
            "gen_ai.tool.call.arguments": json.dumps(call["arguments"]),
            "gen_ai.tool.call.result": json.dumps({"state": "sent"}),
        }
        with tracer.start_as_current_span("execute_tool card_status", attributes=tool):
            pass
        call_model(tracer, question, message("assistant", reply), (130, 12))
        agent.add_event(
            "gen_ai.evaluation.result",
            {"gen_ai.evaluation.name": "helpful", "gen_ai.evaluation.score.value": 0.75},
        )
        flush()
        return trace.format_trace_id(agent.get_span_context().trace_id)


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("grpc", "http/protobuf"):
        print("usage: agent_trace.py grpc|http/protobuf ENDPOINT TRACES", file=sys.stderr)
        return 2
    protocol, endpoint, traces = sys.argv[1:]
    logging.basicConfig(level=logging.WARNING)
    exporter = WatchedExporter(make_exporter(protocol, endpoint))
    provider = TracerProvider(resource=Resource.create({"service.name": "support-backend"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("support")
    ids = [answer(tracer, provider.force_flush, number + 1) for number in range(int(traces))]
    provider.shutdown()
    for trace_id in ids:
        print(f"trace {trace_id}")
    return 1 if exporter.failures else 0


if __name__ == "__main__":
    sys.exit(main())
