"""Users of an agent served through the real OpenFeature SDK, against a real flywheel-experiment.

    openfeature_app.py ADDRESS

Needs grpcio, openfeature-sdk and stubs; tests/assign/clients_test.py has them and calls it. An
assertion that does not hold ends it with exit code 1.
"""

import sys
import time

import grpc
from flywheel.experiment.v1 import (
    assignment_pb2,
    experiment_pb2,
    experiment_service_pb2,
    experiment_service_pb2_grpc,
    segments_pb2,
)
from flywheel_assign import LocalAssigner
from flywheel_openfeature import FlywheelProvider
from openfeature import api
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import Reason

USERS = [f"user-{i}" for i in range(300)] + ["ada@example.com", "caf\u00e9", "\u4f60\u597d"]
WAIVER = experiment_pb2.GateWaiver(owner="test", reason="no gate runs here")


def promote(stub, version):
    stub.PromoteVersion(
        experiment_service_pb2.PromoteVersionRequest(
            promotion_id=f"promote-{version}", agent="helper", model_version=version, waiver=WAIVER
        )
    )


def create(stub):
    request = experiment_service_pb2.CreateExperimentRequest(
        experiment_id="exp", agent="helper", waiver=WAIVER
    )
    request.plan.primary.name = "accepted"
    request.plan.primary.left_out = True
    request.plan.segments.add(name="language", values=["de", "fr"])
    for version in ("v1", "v2"):
        request.arms.add(
            arm_id=f"arm-{version}", model_version=version, weight=1, control=version == "v1"
        )
    stub.CreateExperiment(request)


def wait_until(done):
    for _ in range(2_000):
        if done():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come in 20 seconds")


def main():
    channel = grpc.insecure_channel(sys.argv[1])
    stub = experiment_service_pb2_grpc.ExperimentServiceStub(channel)
    promote(stub, "v1")
    assigner = LocalAssigner(channel)
    api.set_provider(FlywheelProvider(assigner))
    client = api.get_client()

    def ask(user, **attributes):
        context = EvaluationContext(user, attributes)
        return client.get_string_details("helper", "built-in", context)

    wait_until(lambda: ask("ada").value == "v1")
    assert ask("ada").reason == Reason.STATIC and ask("ada").variant is None
    create(stub)
    wait_until(lambda: ask(USERS[0]).variant)
    for user in USERS:
        served = ask(user)
        theirs = stub.Assign(assignment_pb2.AssignRequest(agent="helper", user_id=user))
        assert (served.value, served.variant) == (theirs.model_version, theirs.arm_id), user
        assert served.reason == Reason.SPLIT, served
        assert served.flag_metadata["experiment_id"] == "exp", served
    assert {ask(user).value for user in USERS} == {"v1", "v2"}
    assert assigner.flush(20) and assigner.rejected == 0
    assert ask(USERS[0]).flag_metadata["assignment_token"]
    # Of units that only this process dealt.
    for i in range(100):
        ask(f"here-alone-{i}", session_id="s", age=30, note="n" * 300, language="de")
        ask(f"here-alone-{i}", language="fr")  # Not its first.
    many = {f"name-{i}": "" for i in range(100)}
    ask("here-alone-too", language="fr", **many)
    assert assigner.flush(20) and assigner.rejected == 0
    outcome = experiment_pb2.UnitOutcome(outcome_id="o-1", metric="accepted", value=1)
    outcome.assignment_token = ask("here-alone-7").flag_metadata["assignment_token"]
    outcome.event_time.GetCurrentTime()
    recorded = stub.RecordOutcomes(
        experiment_service_pb2.RecordOutcomesRequest(outcomes=[outcome])
    )
    assert recorded.results[0].status == 1, recorded  # STORED
    analysis = stub.Analyze(
        experiment_service_pb2.AnalyzeRequest(experiment_id="exp")
    ).analysis
    assert sum(arm.exposed_units for arm in analysis.arms) == len(USERS) + 101, analysis
    segments = stub.AnalyzeSegments(segments_pb2.AnalyzeSegmentsRequest(experiment_id="exp"))
    exposed = {
        one.value: sum(arm.exposed_units for arm in one.arms)
        for one in segments.analysis.segments[0].values
    }
    assert exposed == {"de": 100, "fr": 1, "other": len(USERS)}, exposed

    assert client.get_string_details("nobody", "built-in").error_code == ErrorCode.FLAG_NOT_FOUND
    assert client.get_string_value("nobody", "built-in") == "built-in"
    refused = client.get_boolean_details("helper", True, EvaluationContext("ada"))
    assert refused.value is True and refused.error_code == ErrorCode.TYPE_MISMATCH
    without_user = client.get_string_details("helper", "built-in")
    assert without_user.value == "v1" and without_user.variant is None

    promote(stub, "v2")  # Stops the experiment.
    began = time.monotonic()
    wait_until(lambda: ask("ada").value == "v2" and ask("ada").variant is None)
    assert time.monotonic() - began < 2
    api.shutdown()
    print(f"{len(USERS)} users were dealt as the service deals them")


if __name__ == "__main__":
    main()
