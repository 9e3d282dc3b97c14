# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "litellm==1.110.2",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""LiteLLM's own spans."""

import os

# A span for each call, below the one around them; else it writes all calls into that one.
os.environ["USE_OTEL_LITELLM_REQUEST_SPAN"] = "true"
import litellm  # noqa: E402
import scenario  # noqa: E402

litellm.suppress_debug_info = True
provider = scenario.tracer_provider()
litellm.callbacks = ["otel"]


class Completions:
    """LiteLLM's function behind the interface of OpenAI's client."""

    def create(self, model, **options):
        return litellm.completion(
            model=f"openai/{model}",
            api_base=scenario.openai_url(),
            api_key="none",
            num_retries=0,
            **options,
        )


class Client:
    class chat:  # noqa: N801
        completions = Completions()


def answer(turn, history):
    with scenario.request_span(turn):
        return scenario.openai_answer(Client, turn, history)


def shutdown():
    # Its callbacks run in a thread of their own.
    import time

    time.sleep(2)
    provider.shutdown()


scenario.run(answer, shutdown)
