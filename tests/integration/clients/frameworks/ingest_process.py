"""A flywheel-ingest of its own for each framework, and what it stored."""

import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.request

import grpc
from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    json_format,
    message_factory,
)

START_SECONDS = 20
SETTLE_SECONDS = 40


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Contract:
    """Messages of the contract, made from the .proto files."""

    def __init__(self, root):
        compiled = subprocess.run(
            [
                "protoc",
                f"-I{root}/protos",
                "--include_imports",
                "--descriptor_set_out=/dev/stdout",
                "flywheel/ingest/v1/ingest_service.proto",
            ],
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        self.pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(compiled).file:
            self.pool.Add(file)

    def message(self, name):
        descriptor = self.pool.FindMessageTypeByName(f"flywheel.ingest.v1.{name}")
        return message_factory.GetMessageClass(descriptor)


class IngestProcess:
    """Serves without keys on free ports until the end of the `with`."""

    def __init__(self, binary, contract):
        self.contract = contract
        self.directory = tempfile.TemporaryDirectory(prefix="flywheel-frameworks-")
        self.metrics = f"127.0.0.1:{free_port()}"
        self.log = os.path.join(self.directory.name, "ingest.log")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [
                    binary,
                    "--listen=127.0.0.1:0",
                    "--otlp-http-listen=127.0.0.1:0",
                    f"--metrics-listen={self.metrics}",
                    f"--data-dir={self.directory.name}/data",
                    "--otlp-settle-seconds=2",
                    "--otlp-max-wait-seconds=8",
                ],
                stdout=log,
                stderr=log,
            )
        self.http_port = self.wait_for(r"otlp_http_port=(\d+)")
        self.port = self.wait_for(r" port=(\d+)")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.directory.cleanup()

    def wait_for(self, pattern):
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            with open(self.log) as log:
                if found := re.search(pattern, log.read()):
                    return int(found.group(1))
            time.sleep(0.02)
        with open(self.log) as log:
            raise RuntimeError(f"ingest: got {log.read()!r}, want {pattern}")

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.http_port}"

    def waiting_spans(self):
        text = urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=5).read().decode()
        found = re.search(r"^flywheel_otlp_waiting_spans(?:{[^}]*})? (\d+)", text, re.M)
        return int(found.group(1)) if found else 0

    def interactions(self):
        """All as JSON with their signals, in the order of their start, once no trace waits."""
        until = time.monotonic() + SETTLE_SECONDS
        while self.waiting_spans() and time.monotonic() < until:
            time.sleep(0.1)
        found = []
        with grpc.insecure_channel(f"127.0.0.1:{self.port}") as channel:
            listed = self.call(channel, "ListInteractions", page_size=1000)
            for interaction in listed.get("interactions", []):
                one = self.call(
                    channel, "GetInteraction", interaction_id=interaction["interaction_id"]
                )
                found.append({**interaction, "signals": one.get("signals", [])})
        return sorted(found, key=lambda interaction: interaction["start_time"])

    def call(self, channel, name, **fields):
        """The answer to a unary call, as JSON with the names of the contract."""
        call = channel.unary_unary(
            f"/flywheel.ingest.v1.IngestService/{name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=self.contract.message(f"{name}Response").FromString,
        )
        answer = call(self.contract.message(f"{name}Request")(**fields), timeout=20)
        return json_format.MessageToDict(answer, preserving_proto_field_name=True)
