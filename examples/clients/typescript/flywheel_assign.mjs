// @ts-check
// Assignment in the agent's own process (docs/assignment.md), with @grpc/grpc-js and the contracts in
// protos/ as they are.
//
//   const assigner = new LocalAssigner("127.0.0.1:7404", { apiKey });
//   await assigner.ready(5_000);
//   const assigned = assigner.assign("helper", { userId: "ada" });
//   const version = assigned?.modelVersion ?? BUILT_IN_VERSION;
import { fileURLToPath } from "node:url";

import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

import { Assignment } from "./flywheel_assignment.mjs";

const PROTOS =
  process.env.FLYWHEEL_PROTOS ?? fileURLToPath(new URL("../../../protos", import.meta.url));
const MAX_WAITING = 65_536; // Exposures that wait for the service; beyond, they are dropped.
const MAX_REMEMBERED = 65_536; // Units whose exposure is known to be sent, and tokens.
const MAX_ATTRIBUTES = 64; // Beyond these three the service refuses the exposure.
const MAX_NAME_BYTES = 128;
const MAX_VALUE_BYTES = 256;
const BATCH = 1_000;
const GATHER_MS = 200;
const CALL_MS = 10_000;
const SILENT_MS = 30_000; // The service speaks every 10 seconds.

/**
 * @typedef {{ arm_id: string, model_version: string, weight: number, control: boolean }} Arm
 * @typedef {{ experiment_id: string, unit: string, arms: Arm[], assignment: Assignment }} Experiment
 * @typedef {{ activeVersion: string, experiment: Experiment | null }} Agent
 *
 * @typedef {object} Assigned What serves. Without an experiment, the active version does.
 * @property {string} modelVersion
 * @property {string} [experimentId]
 * @property {string} [armId]
 * @property {boolean} [notCovered]
 * @property {boolean} [fallback] The service was away for too long: UnitOutcome.fallback.
 * @property {bigint} [unitHash]
 */

/**
 * @param {any} agent An AgentAssignment.
 * @returns {Agent}
 */
function known({ active_version, experiment }) {
  if (!experiment) return { activeVersion: active_version, experiment: null };
  const { experiment_id, unit, arms, seed, coverage } = experiment;
  const weights = arms.map((/** @type {Arm} */ arm) => arm.weight);
  const control = arms.findIndex((/** @type {Arm} */ arm) => arm.control);
  const assignment = new Assignment(BigInt(seed), weights, control, coverage);
  return { activeVersion: active_version, experiment: { experiment_id, unit, arms, assignment } };
}

/**
 * What the service takes. What is too long is of no segment, so nothing is lost with it.
 * @param {Record<string, string>} attributes
 */
function kept(attributes) {
  const fitting = Object.entries(attributes).filter(
    ([name, value]) =>
      name !== "" && Buffer.byteLength(name) <= MAX_NAME_BYTES &&
      Buffer.byteLength(value) <= MAX_VALUE_BYTES,
  );
  return Object.fromEntries(fitting.slice(0, MAX_ATTRIBUTES));
}

/**
 * Listens to WatchExperiments, assigns from memory, sends first exposures in the background.
 *
 * While the service is away it goes on with what it knows; from maxAgeMs on everybody gets the
 * active version that was known last, as a fallback.
 */
export class LocalAssigner {
  /** @type {any} */
  #service;
  #metadata = new grpc.Metadata({ waitForReady: true });
  #maxAgeMs;
  #request;
  /** @type {Map<string, Agent>} */
  #agents = new Map();
  #heard = -Infinity;
  #closed = false;
  /** @type {any} */
  #stream;
  /** @type {NodeJS.Timeout | undefined} */
  #watchdog;
  /** @type {(() => void)[]} */
  #readers = [];
  /** @type {{ unitHash: bigint, exposure: object }[]} */
  #waiting = [];
  /** @type {Promise<void> | null} */
  #sending = null;
  /** @type {Set<bigint>} */
  #sent = new Set();
  /** @type {Map<bigint, string>} */
  #tokens = new Map();
  dropped = 0;
  rejected = 0;

  /**
   * @param {string} address
   * @param {{ apiKey?: string, project?: string, agents?: string[], maxAgeMs?: number,
   *           credentials?: grpc.ChannelCredentials }} [options]
   */
  constructor(address, options = {}) {
    /** @type {any} */
    const definition = protoLoader.loadSync("flywheel/experiment/v1/experiment_service.proto", {
      includeDirs: [PROTOS], keepCase: true, enums: String, longs: String, defaults: true,
    });
    /** @type {any} */
    const loaded = grpc.loadPackageDefinition(definition);
    this.#service = new loaded.flywheel.experiment.v1.ExperimentService(
      address, options.credentials ?? grpc.credentials.createInsecure(),
      { "grpc.initial_reconnect_backoff_ms": 100, "grpc.max_reconnect_backoff_ms": 1_000 },
    );
    if (options.apiKey) this.#metadata.set("authorization", `Bearer ${options.apiKey}`);
    if (options.project) this.#metadata.set("x-flywheel-project", options.project);
    this.#maxAgeMs = options.maxAgeMs ?? 60_000;
    this.#request = { agents: options.agents ?? [] };
    this.#watch();
  }

  /**
   * Whether anything is known within so many milliseconds.
   * @param {number} ms
   * @returns {Promise<boolean>}
   */
  ready(ms) {
    if (this.#heard !== -Infinity) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms);
      this.#readers.push(() => (clearTimeout(timer), resolve(true)));
    });
  }

  /** Milliseconds since the service last said how things are; infinite before the first time. */
  ageMs() {
    return performance.now() - this.#heard;
  }

  /**
   * Which version serves; undefined for an agent that is not known. The attributes are what is known
   * of the unit, such as { language: "de" }, for the plan's segments: only those of the first
   * exposure are looked at, and the arm does not depend on them.
   * @param {string} agent
   * @param {{ userId?: string, sessionId?: string, attributes?: Record<string, string> }} visitor
   * @returns {Assigned | undefined}
   */
  assign(agent, { userId, sessionId, attributes = {} }) {
    const found = this.#agents.get(agent);
    if (!found) return undefined;
    const modelVersion = found.activeVersion;
    if (this.ageMs() > this.#maxAgeMs) return { modelVersion, fallback: true };
    const { experiment } = found;
    const bySession = experiment?.unit === "RANDOMISATION_UNIT_SESSION";
    const unitId = bySession ? sessionId : userId;
    if (!experiment || !unitId) return { modelVersion };
    const unitHash = experiment.assignment.hashOf(unitId);
    const place = experiment.assignment.placeAt(unitHash);
    if (!place.covered) return { modelVersion, notCovered: true };
    const arm = experiment.arms[place.arm];
    this.#expose(unitHash, {
      experiment_id: experiment.experiment_id,
      [bySession ? "session_id" : "user_id"]: unitId,
      arm_id: arm.arm_id,
    }, attributes);
    return {
      modelVersion: arm.model_version, experimentId: experiment.experiment_id, armId: arm.arm_id,
      unitHash,
    };
  }

  /**
   * For UnitOutcome.assignment_token; empty until the service has taken the exposure.
   * @param {Assigned} assigned
   */
  token({ unitHash }) {
    return (unitHash !== undefined && this.#tokens.get(unitHash)) || "";
  }

  /** Sends the exposures of before; rejects where the service does not take them. */
  async flush() {
    while (this.#waiting.length > 0 || this.#sending) await (this.#sending ?? this.#send());
  }

  /** Ends; flush() first. */
  close() {
    this.#closed = true;
    clearTimeout(this.#watchdog);
    this.#stream?.cancel();
    this.#service.close();
  }

  #watch() {
    if (this.#closed) return;
    /** @type {Map<string, Agent>} */
    const draft = new Map();
    const stream = this.#service.WatchExperiments(this.#request, this.#metadata);
    this.#stream = stream;
    // A stream that says nothing for so long is dead, though nobody said so.
    const listen = () => {
      clearTimeout(this.#watchdog);
      this.#watchdog = setTimeout(() => stream.cancel(), SILENT_MS).unref();
    };
    listen();
    stream.on("data", (/** @type {any} */ { agents, continues }) => {
      listen();
      for (const agent of agents) draft.set(agent.agent, known(agent));
      if (continues) return;
      this.#agents = new Map(draft);
      this.#heard = performance.now();
      for (const tell of this.#readers.splice(0)) tell();
    });
    // The next stream begins with a snapshot; how old the knowledge is says ageMs().
    stream.on("error", () => {});
    stream.on("status", () => setTimeout(() => this.#watch(), 200).unref());
  }

  /**
   * @param {bigint} unitHash
   * @param {object} exposure
   * @param {Record<string, string>} attributes
   */
  #expose(unitHash, exposure, attributes) {
    if (this.#sent.has(unitHash)) return;
    if (this.#waiting.length >= MAX_WAITING) return void ++this.dropped;
    if (this.#sent.size >= MAX_REMEMBERED) this.#sent.clear();
    this.#sent.add(unitHash);
    const ms = Date.now();
    const expose_time = { seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1e6 };
    const told = { ...exposure, expose_time, attributes: kept(attributes) };
    this.#waiting.push({ unitHash, exposure: told });
    if (this.#waiting.length === 1) this.#sendLater(GATHER_MS);
  }

  /** @param {number} ms */
  #sendLater(ms) {
    setTimeout(() => {
      if (!this.#closed && this.#waiting.length > 0 && !this.#sending) this.#send().catch(() => {});
    }, ms).unref();
  }

  /** One call; what it does not take waits on. */
  #send() {
    const batch = this.#waiting.splice(0, BATCH);
    const request = { exposures: batch.map(({ exposure }) => exposure) };
    const options = { deadline: Date.now() + CALL_MS };
    this.#sending = new Promise((resolve, reject) => {
      /** @type {grpc.requestCallback<any>} */
      const done = (error, reply) => {
        this.#sending = null;
        if (error) {
          this.#waiting.unshift(...batch);
          this.#sendLater(1_000);
          return reject(error);
        }
        if (this.#tokens.size >= MAX_REMEMBERED) this.#tokens.clear();
        batch.forEach(({ unitHash }, i) => {
          if (reply.results[i].status === "ITEM_STATUS_REJECTED") ++this.rejected;
          this.#tokens.set(unitHash, reply.assignment_tokens[i]);
        });
        if (this.#waiting.length > 0) this.#sendLater(GATHER_MS);
        resolve();
      };
      this.#service.RecordExposures(request, this.#metadata, options, done);
    });
    return this.#sending;
  }
}
