"""OpenFeature: which version of an agent serves, as a flag. Needs openfeature-sdk.

    api.set_provider(FlywheelProvider(LocalAssigner(channel, api_key=key)))
    details = api.get_client().get_string_details(
        "helper", "v1", EvaluationContext("ada", {"session_id": "s-1"}))
    details.value           # the version to serve, such as "v2"
    details.variant         # the arm; None where no experiment serves
    details.flag_metadata   # experiment_id; assignment_token, once it is known; fallback

The flag's key is the agent's name; targeting_key is the user's id, the attribute session_id the
session's. Its other attributes that are strings, up to 64, go to the experiment service with the
unit's first exposure, for the plan's segments. Every evaluation exposes its unit, as Assign does.
"""

from openfeature.exception import FlagNotFoundError, ProviderNotReadyError, TypeMismatchError
from openfeature.flag_evaluation import FlagResolutionDetails, Reason
from openfeature.provider import AbstractProvider, Metadata


class FlywheelProvider(AbstractProvider):
    """Flags of type string, one an agent, from a flywheel_assign.LocalAssigner, which it closes."""

    def __init__(self, assigner, ready_seconds=5):
        super().__init__()
        self._assigner = assigner
        self._ready_seconds = ready_seconds

    def get_metadata(self):
        return Metadata(name="flywheel")

    def get_provider_hooks(self):
        return []

    def initialize(self, evaluation_context):
        if not self._assigner.wait_until_ready(self._ready_seconds):
            raise ProviderNotReadyError("the experiment service has said nothing yet")

    def shutdown(self):
        self._assigner.close()

    def resolve_string_details(self, flag_key, default_value, evaluation_context=None):
        context = evaluation_context
        user_id = (context.targeting_key or "") if context else ""
        attributes = dict(context.attributes) if context else {}
        session_id = str(attributes.pop("session_id", ""))
        texts = {name: value for name, value in attributes.items() if isinstance(value, str)}
        assigned = self._assigner.assign(flag_key, user_id, session_id, texts)
        if assigned is None or not assigned.model_version:
            raise FlagNotFoundError(f"no agent '{flag_key}' has an active version")
        metadata = {"fallback": assigned.fallback, "not_covered": assigned.not_covered}
        if not assigned.experiment_id:
            reason = Reason.STALE if assigned.fallback else Reason.STATIC
            return FlagResolutionDetails(
                assigned.model_version, reason=reason, flag_metadata=metadata
            )
        metadata["experiment_id"] = assigned.experiment_id
        if token := self._assigner.token(assigned):
            metadata["assignment_token"] = token
        return FlagResolutionDetails(
            assigned.model_version,
            variant=assigned.arm_id,
            reason=Reason.SPLIT,
            flag_metadata=metadata,
        )

    def resolve_boolean_details(self, flag_key, default_value, evaluation_context=None):
        raise _wants_string(flag_key)

    def resolve_integer_details(self, flag_key, default_value, evaluation_context=None):
        raise _wants_string(flag_key)

    def resolve_float_details(self, flag_key, default_value, evaluation_context=None):
        raise _wants_string(flag_key)

    def resolve_object_details(self, flag_key, default_value, evaluation_context=None):
        raise _wants_string(flag_key)


def _wants_string(flag_key):
    return TypeMismatchError(f"flag '{flag_key}' is a version's name: ask for a string")
