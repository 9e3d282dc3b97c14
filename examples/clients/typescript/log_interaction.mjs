// @ts-check
// Logs one interaction and the thumb that its user gave it, with @grpc/grpc-js and the contracts in
// protos/ as they are: nothing is generated.
//
// With --again, everything is sent twice, as after a lost answer: the second time it is REPLAYED. A
// second run with the same --id has another start_time, so it is a CONFLICT, and the first stays.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const PROTOS =
  process.env.FLYWHEEL_PROTOS ?? fileURLToPath(new URL("../../../protos", import.meta.url));

/** @type {any} */
const definition = protoLoader.loadSync(
  "flywheel/ingest/v1/ingest_service.proto",
  { includeDirs: [PROTOS], keepCase: true, enums: String, longs: String, defaults: true },
);

// The channel sends again by itself, because every call is safe to send again: after the wait that
// the server asks for (the trailer grpc-retry-pushback-ms), or else after its own. The server says,
// too, which RESOURCE_EXHAUSTED will not pass later either.
const SERVICE_CONFIG = {
  loadBalancingConfig: [],
  methodConfig: [
    {
      name: [{ service: "flywheel.ingest.v1.IngestService" }],
      retryPolicy: {
        maxAttempts: 5,
        initialBackoff: "0.2s",
        maxBackoff: "5s",
        backoffMultiplier: 3,
        retryableStatusCodes: ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
      },
    },
  ],
};
const TAKEN = ["ITEM_STATUS_STORED", "ITEM_STATUS_REPLAYED"];

/**
 * Code and text on one line.
 * @param {grpc.ServiceError} error
 */
function describe(error) {
  return `${grpc.status[error.code]}: ${error.details.replace(/\s+/g, " ").trim()}`;
}

/**
 * One call, of a minute at most, in which the server may be away.
 * @param {any} client
 * @param {string} method
 * @param {object} request
 * @param {string | undefined} key
 */
function call(client, method, request, key) {
  const metadata = new grpc.Metadata({ waitForReady: true });
  if (key) metadata.set("authorization", `Bearer ${key}`);
  return new Promise((resolve, reject) => {
    /** @type {grpc.requestCallback<any>} */
    const done = (error, reply) => (error ? reject(error) : resolve(reply));
    client[method](request, metadata, { deadline: Date.now() + 60_000 }, done);
  });
}

/**
 * @typedef {Record<"id" | "status" | "sequence" | "reason" | "message", string>} ItemResult
 */

/**
 * Prints one line an item; returns whether all were taken.
 * @param {ItemResult[]} results
 */
function report(results) {
  for (const { id, status, sequence, reason, message } of results) {
    // The others of the batch are stored all the same. Sending again does not help a refused one.
    const more = TAKEN.includes(status)
      ? `sequence ${sequence}`
      : `${reason.replace("ERROR_REASON_", "")}: ${message}`;
    console.log(`${id}: ${status.replace("ITEM_STATUS_", "")}, ${more}`);
  }
  return results.every(({ status }) => TAKEN.includes(status));
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
const ingest = new loaded.flywheel.ingest.v1.IngestService(flags.address, credentials, {
  "grpc.service_config": JSON.stringify(SERVICE_CONFIG),
});
let allTaken = true;
try {
  for (let i = 0; i < (flags.again ? 2 : 1); ++i) {
    const logged = await call(ingest, "LogInteractions", interactions, flags.key);
    const recorded = await call(ingest, "RecordSignals", signals, flags.key);
    const taken = [report(logged.results), report(recorded.results)];
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
