#!/usr/bin/env python3
"""Logs one interaction and the thumb that its user gave it, through stubs made from protos/.

With --again, everything is sent twice, as after a lost answer: the second time it is REPLAYED. A
second run with the same --id has another start_time, so it is a CONFLICT, and the first stays.
"""

import argparse
import json
import sys
import uuid

import grpc
from flywheel.common.v1 import error_reason_pb2, item_result_pb2
from flywheel.ingest.v1 import ingest_service_pb2, ingest_service_pb2_grpc, interaction_pb2

# The channel sends again by itself, because every call is safe to send again: after the wait that
# the server asks for (the trailer grpc-retry-pushback-ms), or else after its own. The server says,
# too, which RESOURCE_EXHAUSTED will not pass later either.
SERVICE_CONFIG = {
    "methodConfig": [
        {
            "name": [{"service": "flywheel.ingest.v1.IngestService"}],
            "waitForReady": True,
            "timeout": "60s",
            "retryPolicy": {
                "maxAttempts": 5,
                "initialBackoff": "0.2s",
                "maxBackoff": "5s",
                "backoffMultiplier": 3,
                "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
            },
        }
    ]
}
TAKEN = (item_result_pb2.ITEM_STATUS_STORED, item_result_pb2.ITEM_STATUS_REPLAYED)


def describe(error):
    """Code and text on one line."""
    return f"{error.code().name}: {' '.join((error.details() or '').split())}"


def report(results):
    """Prints one line an item; returns whether all were taken."""
    for result in results:
        status = item_result_pb2.ItemStatus.Name(result.status)
        line = f"{result.id}: {status.removeprefix('ITEM_STATUS_')}"
        if result.status in TAKEN:
            line += f", sequence {result.sequence}"
        else:  # The others of the batch are stored all the same. Sending again does not help.
            reason = error_reason_pb2.ErrorReason.Name(result.reason)
            line += f", {reason.removeprefix('ERROR_REASON_')}: {result.message}"
        print(line)
    return all(result.status in TAKEN for result in results)


def make_records(interaction_id):
    """What the agent did, and what its user thought of it."""
    interaction = interaction_pb2.Interaction(
        interaction_id=interaction_id,
        session_id=f"session-{interaction_id}",
        user_id="alice@example.com",  # Stored as a pseudonym only.
        agent="support",
        model_version="v1",
        input="I forgot my PIN.",
        output="pin_forgotten",
        attributes={"channel": "chat"},
    )
    interaction.start_time.GetCurrentTime()
    thumb = interaction_pb2.Signal(
        signal_id=f"{interaction_id}-thumb",
        interaction_id=interaction_id,
        actor=interaction_pb2.ACTOR_USER,
        thumbs=interaction_pb2.Thumbs(up=True),
    )
    thumb.event_time.GetCurrentTime()
    return interaction, thumb


def open_channel(address, ca_file):
    options = [("grpc.service_config", json.dumps(SERVICE_CONFIG))]
    if not ca_file:
        return grpc.insecure_channel(address, options)
    with open(ca_file, "rb") as file:
        return grpc.secure_channel(address, grpc.ssl_channel_credentials(file.read()), options)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--address", default="127.0.0.1:4317", help="where ingest listens")
    parser.add_argument("--key", help="an API key of role writer, where the server wants one")
    parser.add_argument("--ca-file", help="PEM CA of the server: TLS; without it, plain")
    parser.add_argument("--id", default=str(uuid.uuid4()), help="the interaction's id")
    parser.add_argument("--again", action="store_true", help="send everything twice")
    arguments = parser.parse_args()

    interaction, thumb = make_records(arguments.id)
    interactions = ingest_service_pb2.LogInteractionsRequest(interactions=[interaction])
    signals = ingest_service_pb2.RecordSignalsRequest(signals=[thumb])
    metadata = [("authorization", f"Bearer {arguments.key}")] if arguments.key else None
    all_taken = True
    try:
        with open_channel(arguments.address, arguments.ca_file) as channel:
            ingest = ingest_service_pb2_grpc.IngestServiceStub(channel)
            for _ in range(2 if arguments.again else 1):
                logged = ingest.LogInteractions(interactions, metadata=metadata)
                recorded = ingest.RecordSignals(signals, metadata=metadata)
                all_taken &= report(logged.results) & report(recorded.results)
    except grpc.RpcError as error:
        print(f"error: {arguments.address} did not take it: {describe(error)}", file=sys.stderr)
        return 1
    return 0 if all_taken else 1


if __name__ == "__main__":
    raise SystemExit(main())
