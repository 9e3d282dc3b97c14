// Holds the TypeScript client's arithmetic to assign/vectors.json; exit code 1 where one differs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { Assignment, hashText } from "../../../examples/clients/typescript/flywheel_assignment.mjs";

const vectors = JSON.parse(
  readFileSync(new URL("../../../assign/vectors.json", import.meta.url), "utf8"),
);
const number = (hex) => BigInt(`0x${hex}`);

for (const { seed, text, hash } of vectors.hashes) {
  assert.equal(hashText(number(seed), text), number(hash), text);
}
let units = 0;
for (const one of vectors.experiments) {
  let seed = hashText(hashText(0n, one.project), one.experiment_id);
  if (one.salt) seed = hashText(seed, Buffer.from(one.salt, "hex"));
  assert.equal(seed, number(one.seed), one.experiment_id);
  const assignment = new Assignment(seed, one.weights, one.control, one.coverage);
  for (const [id, position, arm, covered] of one.units) {
    assert.equal(Number(assignment.hashOf(id) >> 11n), position, id);
    assert.deepEqual(assignment.placeOf(id), { arm, covered }, id);
    ++units;
  }
}
assert.ok(units > 300);
console.log(`${vectors.hashes.length} hashes and ${units} units agree`);
