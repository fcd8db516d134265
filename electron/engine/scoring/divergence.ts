/**
 * The arithmetic of a scored position over rows of logits (32-bit floats, the whole vocabulary), in double precision.
 * These loops run over vocabulary × positions × models, so they allocate nothing.
 */

/** A row's normaliser and its most likely token. log p(i) = row[i] − logSum. */
export interface RowFacts {
  /** Natural logarithm of the sum of exponentials. Not finite when the row holds NaN or +∞. */
  readonly logSum: number;
  /** Index of the largest logit, the first of equals. */
  readonly top: number;
}

const largest = (row: Float32Array): number => {
  let max = -Infinity;
  let top = 0;
  for (let index = 0; index < row.length; index += 1) {
    const logit = row[index] ?? NaN;
    if (logit > max) {
      max = logit;
      top = index;
    }
  }
  return top;
};

export const readRow = (row: Float32Array): RowFacts => {
  const top = largest(row);
  const max = row[top] ?? NaN;
  let sum = 0;
  for (const logit of row) sum += Math.exp(logit - max);
  return { logSum: max + Math.log(sum), top };
};

/** A base's position: its logits, and exp(logit − largest) of each with their sum, which serve every candidate. */
export interface BasePosition extends RowFacts {
  readonly row: Float32Array;
  readonly weights: Float64Array;
  readonly sum: number;
}

/** Reads a base's row. `weights` is filled and kept in what is returned: it has room for the vocabulary. */
export const readBaseRow = (row: Float32Array, weights: Float64Array): BasePosition => {
  const top = largest(row);
  const max = row[top] ?? NaN;
  let sum = 0;
  for (let index = 0; index < row.length; index += 1) {
    const weight = Math.exp((row[index] ?? NaN) - max);
    weights[index] = weight;
    sum += weight;
  }
  return { row, weights, sum, top, logSum: max + Math.log(sum) };
};

/**
 * KL(base ‖ candidate) = Σ p·(log p − log q), in nats. With log p = b − B and log q = c − C this is Σ p·(b − c) + C − B,
 * so no logarithm is taken per token. Rounding may leave −1e−16 for equal rows; that is 0.
 *
 * Source: S. Kullback and R. A. Leibler, On Information and Sufficiency, Ann. Math. Stat. 22 (1951).
 */
export const klDivergence = (
  { row: base, weights, sum, logSum: baseLogSum }: BasePosition,
  row: Float32Array,
  logSum: number,
): number => {
  let difference = 0;
  for (let index = 0; index < row.length; index += 1) {
    const weight = weights[index] ?? NaN;
    // a token the base excludes (−∞) adds nothing: lim p→0 of p·log p
    if (weight !== 0) difference += weight * ((base[index] ?? NaN) - (row[index] ?? NaN));
  }
  return Math.max(0, difference / sum + logSum - baseLogSum);
};

/** The base's most likely tokens of one position, and the probability of all others together. */
export interface TopTokens {
  readonly ids: Uint32Array;
  readonly logProbs: Float32Array;
  readonly tail: number;
}

/**
 * A lower bound of KL(base ‖ candidate) from the base's top tokens alone. All other tokens are one bucket: for any
 * function f of the token, KL(p ‖ q) ≥ KL(f(p) ‖ f(q)), the data-processing inequality; f keeps a top token and maps
 * the rest to "other". Merging only loses information, so the true value is never smaller.
 *
 * Source: T. M. Cover and J. A. Thomas, Elements of Information Theory, 2nd ed. 2006, theorems 2.7.1 (log-sum
 * inequality, the discrete case used here) and 2.8.1.
 */
export const klLowerBound = (
  { ids, logProbs, tail }: TopTokens,
  row: Float32Array,
  logSum: number,
): number => {
  let bound = 0;
  let seen = 0;
  for (let rank = 0; rank < ids.length; rank += 1) {
    const logP = logProbs[rank] ?? NaN;
    const logQ = (row[ids[rank] ?? 0] ?? NaN) - logSum;
    bound += Math.exp(logP) * (logP - logQ);
    seen += Math.exp(logQ);
  }
  // 1 − seen below the resolution of a double is unknown; the larger value keeps the bound a bound
  const tailQ = Math.max(1 - seen, Number.EPSILON);
  const other = tail > 0 ? tail * Math.log(tail / tailQ) : 0;
  return Math.max(0, bound + other);
};

/** The `count` largest of a row, largest first, by insertion: most tokens fail the first comparison. */
export const topTokens = (row: Float32Array, logSum: number, count: number): TopTokens => {
  const ids = new Uint32Array(count);
  const logits = new Float32Array(count).fill(-Infinity);
  let least = -Infinity;
  for (let index = 0; index < row.length; index += 1) {
    const logit = row[index] ?? NaN;
    if (!(logit > least)) continue;
    let place = count - 1;
    while (place > 0 && (logits[place - 1] ?? 0) < logit) {
      logits[place] = logits[place - 1] ?? 0;
      ids[place] = ids[place - 1] ?? 0;
      place -= 1;
    }
    logits[place] = logit;
    ids[place] = index;
    least = logits[count - 1] ?? -Infinity;
  }
  const logProbs = logits.map((logit) => logit - logSum);
  let tail = 0;
  for (let index = 0; index < row.length; index += 1) {
    const logit = row[index] ?? NaN;
    const isOutside = logit < least || (logit === least && !ids.includes(index));
    if (isOutside) tail += Math.exp(logit - logSum);
  }
  return { ids, logProbs, tail };
};
