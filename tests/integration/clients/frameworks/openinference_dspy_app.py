# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "dspy==3.4.1",
#   "openinference-instrumentation-dspy==0.1.48",
#   "opentelemetry-exporter-otlp-proto-http==1.45.2",
# ]
# ///
"""DSPy's Predict, watched by OpenInference."""

import dspy
import scenario
from openinference.instrumentation import using_attributes
from openinference.instrumentation.dspy import DSPyInstrumentor

provider = scenario.tracer_provider()
DSPyInstrumentor().instrument()
lm = dspy.LM(
    f"openai/{scenario.MODEL}",
    api_base=scenario.openai_url(),
    api_key="none",
    num_retries=0,
    cache=False,
)
dspy.configure(lm=lm)


class Weather(dspy.Signature):
    """You are a weather assistant."""

    history: dspy.History = dspy.InputField()
    question: str = dspy.InputField()
    answer: str = dspy.OutputField()


class Picture(dspy.Signature):
    """You are a weather assistant."""

    picture: dspy.Image = dspy.InputField()
    question: str = dspy.InputField()
    answer: str = dspy.OutputField()


def answer(turn, history):
    with using_attributes(session_id=turn.session, user_id=scenario.USER):
        if turn.picture:
            return dspy.Predict(Picture)(
                picture=dspy.Image(scenario.PICTURE_URL), question=turn.question
            ).answer
        turns = dspy.History(messages=[{"question": q, "answer": a} for q, a in history])
        return dspy.Predict(Weather)(question=turn.question, history=turns).answer


scenario.run(answer, provider.shutdown)
