// @ts-check
// The specification of docs/assignment.md in JavaScript whose types TypeScript checks; needs nothing
// else.
//
//   const seed = hashText(hashText(hashText(0n, project), experimentId), salt);
//   const { arm, covered } = new Assignment(seed, [1, 1], 0, 1).placeOf("ada");

const GOLDEN = 0x9e3779b97f4a7c15n;
const UTF8 = new TextEncoder();

/** @param {bigint} x */
const wrap = (x) => BigInt.asUintN(64, x);

/** @param {bigint} x */
function mix(x) {
  x = wrap((x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n);
  x = wrap((x ^ (x >> 27n)) * 0x94d049bb133111ebn);
  return x ^ (x >> 31n);
}

/**
 * The 64-bit hash of a text, or of bytes, under a seed.
 * @param {bigint} seed
 * @param {string | Uint8Array} text
 */
export function hashText(seed, text) {
  const bytes = typeof text === "string" ? UTF8.encode(text) : text;
  // The last word is filled up with zeros.
  const words = new DataView(new ArrayBuffer(Math.ceil(bytes.length / 8) * 8));
  new Uint8Array(words.buffer).set(bytes);
  let hash = mix(wrap(seed + GOLDEN) ^ BigInt(bytes.length));
  for (let at = 0; at < bytes.length; at += 8) {
    hash = mix(wrap(hash + GOLDEN) ^ words.getBigUint64(at, /* littleEndian= */ true));
  }
  return mix(wrap(hash + GOLDEN));
}

/** Deals the units of one experiment. Immutable. */
export class Assignment {
  #seed;
  #control;
  #coverage;
  /** @type {number[]} */
  #shares;
  /** @type {number[]} */
  #ends = [];

  /**
   * @param {bigint} seed
   * @param {number[]} weights
   * @param {number} control The index of the control.
   * @param {number} coverage
   */
  constructor(seed, weights, control, coverage) {
    this.#seed = seed;
    this.#control = control;
    this.#coverage = coverage;
    const largest = Math.max(...weights);
    const total = weights.reduce((sum, weight) => sum + weight / largest, 0);
    this.#shares = weights.map((weight) => weight / largest / total);
    let end = 0;
    for (const share of this.#shares) this.#ends.push((end += share));
  }

  /** @param {string} unitId */
  hashOf(unitId) {
    return hashText(this.#seed, unitId);
  }

  /**
   * The arm's index, and whether it takes part, of the unit with this hash.
   * @param {bigint} hash
   */
  placeAt(hash) {
    // The upper 53 bits, which a double holds.
    const position = Number(hash >> 11n) * 2 ** -53;
    let arm = 0;
    while (arm + 1 < this.#ends.length && position >= this.#ends[arm]) ++arm;
    if (this.#coverage >= 1) return { arm, covered: true };
    const size = this.#coverage * this.#shares[arm];
    const covered =
      arm === this.#control
        ? position >= this.#ends[arm] - size
        : position < (arm === 0 ? 0 : this.#ends[arm - 1]) + size;
    return { arm, covered };
  }

  /** @param {string} unitId */
  placeOf(unitId) {
    return this.placeAt(this.hashOf(unitId));
  }
}
