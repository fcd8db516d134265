import type { Sampling } from '../../engine.ts';
import type { Window } from './typical-window.ts';

type Cuts = Pick<Sampling, 'topP' | 'minP'>;

/** The likeliest of a window until their probabilities, those of the window alone, reach `topP`. */
const topPart = (logits: Float64Array, { from, to }: Window, topP: number): Window => {
  if (topP >= 1) return { from, to };
  const most = logits[from] ?? 0;
  let weight = 0;
  for (let index = from; index < to; index += 1) weight += Math.exp((logits[index] ?? 0) - most);
  let mass = 0;
  for (let index = from; index < to; index += 1) {
    mass += Math.exp((logits[index] ?? 0) - most);
    if (mass >= topP * weight) return { from, to: index + 1 };
  }
  return { from, to };
};

/** Those of a window with at least `minP` of its largest probability. */
const likelyPart = (logits: Float64Array, { from, to }: Window, minP: number): Window => {
  if (minP <= 0) return { from, to };
  const least = (logits[from] ?? 0) + Math.log(minP);
  let end = from + 1;
  while (end < to && (logits[end] ?? -Infinity) >= least) end += 1;
  return { from, to: end };
};

/**
 * What may be drawn of the typical candidates, in llama.cpp's order: top-p, then min-p; each one judges by what the one
 * before has left. In double precision, where llama.cpp has single: a token at the very border may differ.
 * @param logits largest first, all finite
 * @param typical not empty
 */
export const keptWindow = (logits: Float64Array, typical: Window, { topP, minP }: Cuts): Window =>
  likelyPart(logits, topPart(logits, typical, topP), minP);

/**
 * Index of one candidate of the window, drawn by its probability at `temperature`; at 0 the likeliest of the window, which
 * after a typical cut need not be the likeliest of all.
 * @param uniform 0 inclusive to 1 exclusive
 */
export const drawFrom = (
  logits: Float64Array,
  { from, to }: Window,
  temperature: number,
  uniform: number,
): number => {
  if (temperature <= 0) return from;
  const most = logits[from] ?? 0;
  const shareOf = (index: number): number => Math.exp(((logits[index] ?? 0) - most) / temperature);
  let weight = 0;
  for (let index = from; index < to; index += 1) weight += shareOf(index);
  let left = uniform * weight;
  for (let index = from; index < to - 1; index += 1) {
    left -= shareOf(index);
    if (left < 0) return index;
  }
  return to - 1;
};
