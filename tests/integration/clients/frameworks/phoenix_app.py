# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "arize-phoenix-otel==0.17.2",
#   "arize-phoenix-client==3.5.0",
#   "openinference-instrumentation-openai==0.1.66",
#   "openai==3.57.0",
# ]
# ///
"""Phoenix's own set-up and decorators, its annotations, and OpenInference below."""

import os

import openai
import scenario
from openinference.instrumentation import using_attributes
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry import trace
from phoenix.client import Client
from phoenix.otel import register

endpoint = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
provider = register(
    endpoint=endpoint + "/v1/traces", protocol="http/protobuf", batch=True, verbose=False
)
OpenAIInstrumentor().instrument(tracer_provider=provider)
tracer = provider.get_tracer("weather")
client = openai.OpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)
scored = []


@tracer.tool(name=scenario.TOOL)
def get_weather(city: str) -> str:
    return scenario.get_weather(city)


def use(arguments):
    try:
        return get_weather(**arguments)
    except ValueError as error:
        return f"Error: {error}"


def search(question):
    with tracer.start_as_current_span("almanac", openinference_span_kind="retriever") as span:
        span.set_input(question)
        for i, (name, text) in enumerate(scenario.DOCUMENTS):
            span.set_attribute(f"retrieval.documents.{i}.document.id", name)
            span.set_attribute(f"retrieval.documents.{i}.document.content", text)
    return [text for _, text in scenario.DOCUMENTS]


def answer(turn, history):
    @tracer.agent(name="weather_bot")
    def chat(question: str) -> str:
        if turn.calls_tools:
            scored.append(trace.get_current_span().get_span_context().trace_id)
        asked = turn
        if turn.retrieves:
            asked = scenario.with_documents(turn, search(question))
        return scenario.openai_answer(client, asked, history, use)

    with using_attributes(session_id=turn.session, user_id=scenario.USER):
        return chat(turn.question)


def shutdown():
    provider.shutdown()
    name, value = scenario.SCORE
    for trace_id in scored:
        Client(base_url=endpoint).traces.add_trace_annotation(
            trace_id=trace.format_trace_id(trace_id),
            annotation_name=name,
            annotator_kind="HUMAN",
            score=value,
        )


scenario.run(answer, shutdown, retrieves=True)
