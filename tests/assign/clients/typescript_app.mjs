// Sessions dealt by the TypeScript client, against a real flywheel-experiment: typescript_app.mjs
// ADDRESS. tests/assign/clients_test.py puts it beside the client, and calls it.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

import { LocalAssigner } from "./flywheel_assign.mjs";

const PROTOS =
  process.env.FLYWHEEL_PROTOS ?? fileURLToPath(new URL("../../../protos", import.meta.url));
const address = process.argv[2];
const service = new (grpc.loadPackageDefinition(
  protoLoader.loadSync("flywheel/experiment/v1/experiment_service.proto", {
    includeDirs: [PROTOS], keepCase: true, enums: String, longs: String, defaults: true,
  }),
).flywheel.experiment.v1.ExperimentService)(address, grpc.credentials.createInsecure());
const call = (method, request) =>
  new Promise((resolve, reject) =>
    service[method](request, (error, reply) => (error ? reject(error) : resolve(reply))),
  );

const waiver = { owner: "test", reason: "no gate runs here" };
await call("PromoteVersion", {
  promotion_id: "promote-ts", agent: "node-helper", model_version: "v1", waiver,
});
await call("CreateExperiment", {
  experiment_id: "node-exp", agent: "node-helper", waiver,
  unit: "RANDOMISATION_UNIT_SESSION",
  plan: {
    primary: { name: "accepted", left_out: true },
    segments: [{ name: "language", values: ["de", "fr"] }],
  },
  arms: ["v1", "v2"].map((version) => ({
    arm_id: `arm-${version}`, model_version: version, weight: 1, control: version === "v1",
  })),
});
const assigner = new LocalAssigner(address, { agents: ["node-helper"] });
assert.ok(await assigner.ready(20_000));
assert.equal(assigner.assign("nobody", { sessionId: "s" }), undefined);
assert.equal(assigner.assign("node-helper", { userId: "ada" })?.experimentId, undefined);
const sessions = [...Array(300).keys()].map((i) => `session-${i}`).concat("caf\u00e9", "\u4f60");
const versions = new Set();
for (const session_id of sessions) {
  const ours = assigner.assign("node-helper", { sessionId: session_id });
  versions.add(ours?.modelVersion);
  const theirs = await call("Assign", { agent: "node-helper", session_id });
  assert.equal(ours?.armId, theirs.arm_id, session_id);
}
assert.deepEqual([...versions].sort(), ["v1", "v2"]);
for (let i = 0; i < 100; ++i) {
  const sessionId = `here-alone-${i}`;
  const attributes = { note: "n".repeat(300), language: "de" };
  assigner.assign("node-helper", { sessionId, attributes });
  assigner.assign("node-helper", { sessionId, attributes: { language: "fr" } }); // Not its first.
}
const many = Object.fromEntries([...Array(100).keys()].map((i) => [`name-${i}`, ""]));
assigner.assign("node-helper", {
  sessionId: "here-alone-too", attributes: { language: "fr", ...many },
});
await assigner.flush();
assert.equal(assigner.rejected, 0);
const { analysis } = await call("Analyze", { experiment_id: "node-exp" });
const exposed = analysis.arms.reduce((sum, arm) => sum + Number(arm.exposed_units), 0);
assert.equal(exposed, sessions.length + 101);
const segments = await call("AnalyzeSegments", { experiment_id: "node-exp" });
const byLanguage = segments.analysis.segments[0].values.map(({ value, arms }) => [
  value, arms.reduce((sum, arm) => sum + Number(arm.exposed_units), 0),
]);
assert.deepEqual(byLanguage, [["de", 100], ["fr", 1], ["other", sessions.length]]);
const assigned = assigner.assign("node-helper", { sessionId: "here-alone-7" });
assert.notEqual(assigner.token(assigned), "");
assigner.close();
service.close();
console.log(`${sessions.length} sessions were dealt as the service deals them`);
