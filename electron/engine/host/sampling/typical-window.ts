/** A run of candidates that are in order of their logits, largest first: `from` inclusive, `to` exclusive. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * Locally typical sampling (Meister, Pimentel, Wiher, Cotterell: Locally Typical Sampling, TACL 11, 2023, eq. 10): of the
 * candidates those whose surprise −ln p is nearest to the entropy H, until their probabilities sum to more than `typicalP`,
 * as llama.cpp cuts it. In order of probability they are neighbours, so nothing has to be sorted: the window grows from
 * where the surprise passes H towards the nearer side, among equals to the likelier token. Never empty.
 * @param logits largest first, all finite; not empty
 * @param typicalP 0..1; 1 keeps all
 */
export const typicalWindow = (logits: Float64Array, typicalP: number): Window => {
  const all = { from: 0, to: logits.length };
  if (typicalP >= 1) return all;
  const most = logits[0] ?? 0;
  let weight = 0;
  let weighted = 0;
  for (const logit of logits) {
    const share = Math.exp(logit - most);
    weight += share;
    weighted += share * (logit - most);
  }
  const logWeight = Math.log(weight);
  // −Σ p ln p with ln p = logit − most − ln weight
  const entropy = logWeight - weighted / weight;
  const surprise = (index: number): number => most + logWeight - (logits[index] ?? -Infinity);

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
