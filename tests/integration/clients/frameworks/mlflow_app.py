# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "mlflow==3.17.2",
#   "openai==3.57.0",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""MLflow's tracing, with its autologging of OpenAI's SDK."""

import os

os.environ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = (
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/v1/traces"
)
import mlflow  # noqa: E402
import openai  # noqa: E402
import scenario  # noqa: E402
from mlflow.entities import Document  # noqa: E402

mlflow.openai.autolog()
client = openai.OpenAI(base_url=scenario.openai_url(), api_key="none", max_retries=0)


@mlflow.trace(span_type="TOOL", name=scenario.TOOL)
def get_weather(city):
    return scenario.get_weather(city)


def use(arguments):
    try:
        return get_weather(**arguments)
    except ValueError as error:
        return f"Error: {error}"


@mlflow.trace(span_type="RETRIEVER", name="almanac")
def search(query):
    return [
        Document(page_content=text, id=name, metadata={"doc_uri": name})
        for name, text in scenario.DOCUMENTS
    ]


scored = []


def answer(turn, history):
    with mlflow.start_span("weather_bot", span_type="AGENT") as span:
        span.set_inputs({"question": turn.question})
        span.set_attributes({"session.id": turn.session, "user.id": scenario.USER})
        asked = turn
        if turn.retrieves:
            found = search(turn.question)
            asked = scenario.with_documents(turn, [document.page_content for document in found])
        said = scenario.openai_answer(client, asked, history, use)
        span.set_outputs(said)
        if turn.calls_tools:
            scored.append(span.trace_id)
        return said


def shutdown():
    mlflow.flush_trace_async_logging()
    mlflow.set_tracking_uri(os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"])
    name, value = scenario.SCORE
    for trace_id in scored:
        mlflow.log_feedback(trace_id=trace_id, name=name, value=value, rationale="short")


scenario.run(answer, shutdown, retrieves=True)
