"""Assignment in the agent's own process (docs/assignment.md).

    assigner = LocalAssigner(grpc.insecure_channel("127.0.0.1:7404"), api_key=key)
    assigner.wait_until_ready(5)
    assigned = assigner.assign("helper", user_id="ada")
    version = assigned.model_version if assigned else BUILT_IN_VERSION

Needs grpcio, and stubs made from protos/ (../README.md). Threads may share one.
"""

import collections
import dataclasses
import itertools
import threading
import time

import grpc
from flywheel.common.v1 import item_result_pb2
from flywheel.experiment.v1 import assignment_pb2, experiment_service_pb2_grpc
from flywheel_assignment import Assignment

MAX_WAITING = 65_536  # Exposures that wait for the service; beyond, they are dropped.
MAX_REMEMBERED = 65_536  # Units whose exposure is known to be sent, and tokens.
MAX_ATTRIBUTES = 64  # Beyond these three the service refuses the exposure.
MAX_NAME_BYTES = 128
MAX_VALUE_BYTES = 256
BATCH = 1_000
GATHER_SECONDS = 0.2
CALL_SECONDS = 10
SILENT_SECONDS = 30  # The service speaks every 10.


@dataclasses.dataclass(frozen=True)
class Assigned:
    """What serves. Without an experiment, the active version does."""

    model_version: str
    experiment_id: str = ""
    arm_id: str = ""
    not_covered: bool = False
    fallback: bool = False  # The service was away for too long: UnitOutcome.fallback.
    unit_hash: int = 0


class LocalAssigner:
    """Listens to WatchExperiments, assigns from memory, sends first exposures in the background.

    While the service is away it goes on with what it knows; from max_age seconds on everybody gets
    the active version that was known last, as a fallback.
    """

    def __init__(self, channel, api_key=None, project=None, agents=(), max_age=60):
        self._stub = experiment_service_pb2_grpc.ExperimentServiceStub(channel)
        self._metadata = [("authorization", f"Bearer {api_key}")] if api_key else []
        self._metadata += [("x-flywheel-project", project)] if project else []
        self._request = assignment_pb2.WatchExperimentsRequest(agents=agents)
        self._max_age = max_age
        self._stream = None
        self._agents = {}  # Replaced as a whole, never changed: assign needs no lock.
        self._heard = None
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._waiting = collections.deque()
        self._added = self._answered = self._wanted = 0
        self._sent, self._tokens = set(), {}
        self.dropped = self.rejected = 0
        self._threads = [
            threading.Thread(target=target, daemon=True) for target in (self._watch, self._send)
        ]
        for thread in self._threads:
            thread.start()

    def wait_until_ready(self, seconds):
        """Whether anything is known by then."""
        return self._ready.wait(seconds)

    def age(self):
        """Seconds since the service last said how things are; infinite before the first time."""
        return float("inf") if self._heard is None else time.monotonic() - self._heard

    def assign(self, agent, user_id="", session_id="", attributes=None):
        """Which version serves; None for an agent that is not known.

        attributes are what is known of the unit, such as {"language": "de"}, for the plan's
        segments. Only those of the first exposure are looked at; the arm does not depend on them.
        """
        known = self._agents.get(agent)
        if known is None:
            return None
        active_version, experiment, assignment = known
        if self.age() > self._max_age:
            return Assigned(active_version, fallback=True)
        unit_id = user_id
        if experiment is not None and experiment.unit == 2:  # RANDOMISATION_UNIT_SESSION
            unit_id = session_id
        if experiment is None or not unit_id:
            return Assigned(active_version)
        unit_hash = assignment.hash_of(unit_id)
        index, covered = assignment.place_at(unit_hash)
        if not covered:
            return Assigned(active_version, not_covered=True)
        arm = experiment.arms[index]
        self._expose(experiment, arm, unit_id, unit_hash, attributes)
        return Assigned(
            arm.model_version, experiment.experiment_id, arm.arm_id, unit_hash=unit_hash
        )

    def token(self, assigned):
        """For UnitOutcome.assignment_token; empty until the service has taken the exposure."""
        return self._tokens.get(assigned.unit_hash, "")

    def flush(self, seconds):
        """Waits until the exposures of before are with the service; whether they are."""
        with self._changed:
            wanted = self._wanted = self._added
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._answered >= wanted, seconds)

    def close(self, seconds=2):
        """Sends what waits, then ends."""
        self.flush(seconds)
        self._stopping.set()
        if self._stream is not None:
            self._stream.cancel()
        with self._changed:
            self._changed.notify_all()

    def _watch(self):
        while not self._stopping.is_set():
            self._stream = self._stub.WatchExperiments(
                self._request, metadata=self._metadata, wait_for_ready=True
            )
            draft = {}
            watchdog = self._start_watchdog()
            try:
                for response in self._stream:
                    watchdog.cancel()
                    watchdog = self._start_watchdog()
                    draft.update((one.agent, _known(one)) for one in response.agents)
                    if not response.continues:
                        self._agents, self._heard = dict(draft), time.monotonic()
                        self._ready.set()
            except grpc.RpcError:
                pass  # The next stream begins with a snapshot; how old the knowledge is says age().
            watchdog.cancel()
            self._stopping.wait(0.2)

    def _start_watchdog(self):
        """A stream that says nothing for so long is dead, though nobody said so."""
        watchdog = threading.Timer(SILENT_SECONDS, self._stream.cancel)
        watchdog.daemon = True
        watchdog.start()
        return watchdog

    def _expose(self, experiment, arm, unit_id, unit_hash, attributes):
        if unit_hash in self._sent:
            return
        exposure = assignment_pb2.UnitExposure(
            experiment_id=experiment.experiment_id,
            arm_id=arm.arm_id,
            attributes=_kept(attributes or {}),
        )
        setattr(exposure, "session_id" if experiment.unit == 2 else "user_id", unit_id)
        exposure.expose_time.GetCurrentTime()
        with self._changed:
            if len(self._waiting) >= MAX_WAITING:
                self.dropped += 1
                return
            if len(self._sent) >= MAX_REMEMBERED:
                self._sent.clear()
            self._sent.add(unit_hash)
            self._waiting.append((unit_hash, exposure))
            self._added += 1
            self._changed.notify_all()

    def _send(self):
        while not self._stopping.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._stopping.is_set())
                # Many exposures share a call.
                self._changed.wait_for(lambda: self._answered < self._wanted, GATHER_SECONDS)
                count = min(BATCH, len(self._waiting))
                batch = [self._waiting.popleft() for _ in range(count)]
            request = assignment_pb2.RecordExposuresRequest(exposures=[one for _, one in batch])
            try:
                answer = self._stub.RecordExposures(
                    request, metadata=self._metadata, timeout=CALL_SECONDS, wait_for_ready=True
                )
            except grpc.RpcError:
                with self._changed:  # They wait on, the oldest first.
                    self._waiting.extendleft(reversed(batch))
                self._stopping.wait(0.5)
                continue
            with self._changed:
                if len(self._tokens) >= MAX_REMEMBERED:
                    self._tokens.clear()
                for (unit_hash, _), result, token in zip(
                    batch, answer.results, answer.assignment_tokens
                ):
                    self.rejected += result.status == item_result_pb2.ITEM_STATUS_REJECTED
                    self._tokens[unit_hash] = token
                self._answered += len(batch)
                self._changed.notify_all()


def _kept(attributes):
    """What the service takes. What is too long is of no segment, so nothing is lost with it."""
    fitting = (
        (name, value)
        for name, value in attributes.items()
        if 0 < len(name.encode()) <= MAX_NAME_BYTES and len(value.encode()) <= MAX_VALUE_BYTES
    )
    return dict(itertools.islice(fitting, MAX_ATTRIBUTES))


def _known(agent):
    if not agent.HasField("experiment"):
        return agent.active_version, None, None
    arms = agent.experiment.arms
    control = next((i for i, arm in enumerate(arms) if arm.control), 0)
    weights = [arm.weight for arm in arms]
    experiment = agent.experiment
    dealt = Assignment(experiment.seed, weights, control, experiment.coverage)
    return agent.active_version, experiment, dealt
