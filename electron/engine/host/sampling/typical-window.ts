/** A run of candidates that are in order of their logits, largest first: `from` inclusive, `to` exclusive. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Sums over candidates, their logits counted from the largest one. */
interface Sums {
  /** Σ exp(logit). */
  readonly weight: number;
  /** Σ exp(logit) · logit. */
  readonly weighted: number;
}

const sumsOf = (logits: Float64Array): Sums => {
  const most = logits[0] ?? 0;
  let weight = 0;
  let weighted = 0;
  for (const logit of logits) {
    const share = Math.exp(logit - most);
    weight += share;
    weighted += share * (logit - most);
  }
  return { weight, weighted };
};

/** −Σ p ln p with ln p = logit − ln weight. */
const entropyOf = ({ weight, weighted }: Sums): number => Math.log(weight) - weighted / weight;

/**
 * The candidates nearest to the entropy, from where the surprise passes it towards the nearer side, among equals to the
 * likelier one, until their probabilities sum to more than `typicalP`.
 */
const windowAround = (
  logits: Float64Array,
  { weight, entropy, typicalP }: { weight: number; entropy: number; typicalP: number },
): Window => {
  const mostLogProbability = -Math.log(weight);
  const most = logits[0] ?? 0;
  const surprise = (index: number): number => -((logits[index] ?? -Infinity) - most + mostLogProbability);
  let from = 0;
  while (from < logits.length && surprise(from) < entropy) from += 1;
  let to = from;
  let mass = 0;
  while (mass <= typicalP && (from > 0 || to < logits.length)) {
    const below = from > 0 ? entropy - surprise(from - 1) : Infinity;
    const above = to < logits.length ? surprise(to) - entropy : Infinity;
    if (below <= above) from -= 1;
    else to += 1;
    mass += Math.exp(-surprise(below <= above ? from : to - 1));
  }
  return { from, to };
};

/**
 * Locally typical sampling (Meister, Pimentel, Wiher, Cotterell: Locally Typical Sampling, TACL 11, 2023, eq. 10): of the
 * candidates those whose surprise −ln p is nearest to the entropy H, until their probabilities sum to more than `typicalP`,
 * as llama.cpp cuts it. In order of probability they are neighbours, so nothing has to be sorted. Never empty.
 * @param logits largest first, all finite; not empty
 * @param typicalP 0..1; 1 keeps all
 */
export const typicalWindow = (logits: Float64Array, typicalP: number): Window => {
  if (typicalP >= 1) return { from: 0, to: logits.length };
  const sums = sumsOf(logits);
  return windowAround(logits, { weight: sums.weight, entropy: entropyOf(sums), typicalP });
};

/** What is known of candidates without a look at the least likely ones. */
interface Rest {
  /** Σ exp(logit − largest logit) over all candidates. */
  readonly weight: number;
  /** Candidates behind those that are known. */
  readonly count: number;
}

/**
 * The same window from the likeliest candidates alone, where it does not depend on the others; else `undefined`. What the
 * others add to the entropy has bounds: least if each were as likely as the last one known, most if they shared their
 * weight evenly (entropy is concave). A higher entropy moves no end of the window back, so a window that is the same for both is
 * that of the true entropy.
 */
export const headWindow = (head: Float64Array, rest: Rest, typicalP: number): Window | undefined => {
  const known = sumsOf(head);
  const last = (head.at(-1) ?? 0) - (head[0] ?? 0);
  const restWeight = Math.max(0, rest.weight - known.weight);
  const weight = known.weight + restWeight;
  const evenly = restWeight === 0 ? 0 : restWeight * Math.min(last, Math.log(restWeight / rest.count));
  const windows = [restWeight * last, evenly].map((weighted) =>
    windowAround(head, {
      weight,
      entropy: entropyOf({ weight, weighted: known.weighted + weighted }),
      typicalP,
    }),
  );
  const [least, most] = windows;
  // one that reaches the last known candidate might go on behind it
  if (least === undefined || most === undefined || most.to >= head.length) return undefined;
  return least.from === most.from && least.to === most.to ? least : undefined;
};
