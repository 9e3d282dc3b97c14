// @ts-check
// Logs one interaction and the thumb that its user gave it, with @grpc/grpc-js and the contracts in
// protos/ as they are: nothing is generated.
//
// With --again, everything is sent twice, as after a lost answer: the second time it is REPLAYED. A
// second run with the same --id has another start_time, so it is a CONFLICT, and the first stays.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const PROTOS =
  process.env.FLYWHEEL_PROTOS ?? fileURLToPath(new URL("../../../protos", import.meta.url));

/** @type {any} */
const definition = protoLoader.loadSync(
  [
    "flywheel/ingest/v1/ingest_service.proto",
    "google/rpc/status.proto",
    "google/rpc/error_details.proto",
  ],
  { includeDirs: [PROTOS], keepCase: true, enums: String, longs: String, defaults: true },
);

// With or without RetryInfo. RESOURCE_EXHAUSTED is worth another try with it only: without, it
// comes from gRPC itself and means that the message is too large.
const RETRYABLE = [grpc.status.UNAVAILABLE, grpc.status.DEADLINE_EXCEEDED];
const TAKEN = ["OUTCOME_STORED", "OUTCOME_REPLAYED"];

/**
 * The wait that the server asks for; undefined where it asks for none.
 * @param {grpc.ServiceError} error
 * @returns {number | undefined}
 */
function retryDelayMs(error) {
  const bytes = error.metadata?.get("grpc-status-details-bin")[0];
  if (!bytes) return undefined;
  for (const detail of definition["google.rpc.Status"].deserialize(bytes).details) {
    if (!detail.type_url.endsWith("/google.rpc.RetryInfo")) continue;
    const { retry_delay } = definition["google.rpc.RetryInfo"].deserialize(detail.value);
    return Number(retry_delay.seconds) * 1_000 + retry_delay.nanos / 1e6;
  }
  return undefined;
}

/**
 * Code and text on one line.
 * @param {grpc.ServiceError} error
 */
function describe(error) {
  return `${grpc.status[error.code]}: ${error.details.replace(/\s+/g, " ").trim()}`;
}

/**
 * One call, sent again while the server is busy or away. Every call is safe to send again.
 * @param {any} client
 * @param {string} method
 * @param {object} request
 * @param {string | undefined} key
 */
async function call(client, method, request, key, giveUpMs = 60_000) {
  const send = client[method].bind(client);
  const metadata = new grpc.Metadata();
  if (key) metadata.set("authorization", `Bearer ${key}`);
  const end = Date.now() + giveUpMs;
  for (let backoffMs = 100; ; backoffMs = Math.min(2 * backoffMs, 5_000)) {
    try {
      return await new Promise((resolve, reject) => {
        /** @type {grpc.requestCallback<any>} */
        const done = (error, reply) => (error ? reject(error) : resolve(reply));
        send(request, metadata, { deadline: Date.now() + 10_000 }, done);
      });
    } catch (caught) {
      const error = /** @type {grpc.ServiceError} */ (caught);
      const asked = retryDelayMs(error);
      if (asked === undefined && !RETRYABLE.includes(error.code)) throw error;
      // Never earlier than the server asks, and not all clients at the same moment.
      const delayMs = Math.max(asked ?? 0, backoffMs) * (1 + 0.25 * Math.random());
      if (Date.now() + delayMs > end) throw error;
      console.error(`sending again in ${(delayMs / 1_000).toFixed(1)} s: ${describe(error)}`);
      await sleep(delayMs);
    }
  }
}

/**
 * @typedef {Record<"id" | "outcome" | "sequence" | "reason" | "message", string>} Verdict
 */

/**
 * Prints one line an item; returns whether all were taken.
 * @param {Verdict[]} verdicts
 */
function report(verdicts) {
  for (const { id, outcome, sequence, reason, message } of verdicts) {
    // The others of the batch are stored all the same. Sending again does not help a refused one.
    const more = TAKEN.includes(outcome)
      ? `sequence ${sequence}`
      : `${reason.replace("ERROR_REASON_", "")}: ${message}`;
    console.log(`${id}: ${outcome.replace("OUTCOME_", "")}, ${more}`);
  }
  return verdicts.every(({ outcome }) => TAKEN.includes(outcome));
}

/** A google.protobuf.Timestamp. */
function now() {
  const ms = Date.now();
  return { seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1e6 };
}

const { values: flags } = parseArgs({
  options: {
    address: { type: "string", default: "127.0.0.1:4317" },
    key: { type: "string" },
    "ca-file": { type: "string" },
    id: { type: "string", default: randomUUID() },
    again: { type: "boolean", default: false },
  },
});

// What the agent did, and what its user thought of it.
const interactions = {
  interactions: [
    {
      interaction_id: flags.id,
      session_id: `session-${flags.id}`,
      user_id: "alice@example.com", // Stored as a pseudonym only.
      agent: "support",
      model_version: "v1",
      start_time: now(),
      input: "I forgot my PIN.",
      output: "pin_forgotten",
      attributes: { channel: "chat" },
    },
  ],
};
const signals = {
  signals: [
    {
      signal_id: `${flags.id}-thumb`,
      interaction_id: flags.id,
      event_time: now(),
      actor: "ACTOR_USER",
      thumbs: { up: true },
    },
  ],
};

const credentials = flags["ca-file"]
  ? grpc.credentials.createSsl(readFileSync(flags["ca-file"]))
  : grpc.credentials.createInsecure();
/** @type {any} */
const loaded = grpc.loadPackageDefinition(definition);
const ingest = new loaded.flywheel.ingest.v1.IngestService(flags.address, credentials);
let allTaken = true;
try {
  for (let i = 0; i < (flags.again ? 2 : 1); ++i) {
    const logged = await call(ingest, "LogInteractions", interactions, flags.key);
    const recorded = await call(ingest, "RecordSignals", signals, flags.key);
    const taken = [report(logged.verdicts), report(recorded.verdicts)];
    allTaken &&= taken.every(Boolean);
  }
} catch (caught) {
  const error = /** @type {grpc.ServiceError} */ (caught);
  if (!(error.code in grpc.status)) throw error;
  console.error(`error: ${flags.address} did not take it: ${describe(error)}`);
  allTaken = false;
}
ingest.close();
process.exitCode = allTaken ? 0 : 1;
