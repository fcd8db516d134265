import type { WindowScore } from '../../engine/index.ts';
import { decodeBytes, decodeFloats } from '../../engine/index.ts';

/** A window's values per scored position, in nats. */
export interface WindowValues {
  readonly nll: Float32Array;
  readonly nllBase: Float32Array;
  readonly kld: Float32Array;
  /** 1 where both hold the same token most likely. */
  readonly sameTop: Uint8Array;
  readonly capturedMass: number;
}

export const readWindow = (score: WindowScore): WindowValues => ({
  nll: decodeFloats(score.nll),
  nllBase: decodeFloats(score.nllBase),
  kld: decodeFloats(score.kld),
  sameTop: decodeBytes(score.sameTop),
  capturedMass: score.capturedMass,
});

/** Sums over one window: all that the means and their bootstrap need. */
export interface WindowSums {
  readonly n: number;
  readonly nll: number;
  readonly nll2: number;
  readonly nllBase: number;
  readonly nllBase2: number;
  readonly nllBoth: number;
  readonly kld: number;
  readonly kld2: number;
  readonly sameTop: number;
  /** Probability of the correct token, candidate − base, in its first, second and fourth power. */
  readonly deltaP: number;
  readonly deltaP2: number;
  readonly deltaP4: number;
}

export const sumWindow = ({ nll, nllBase, kld, sameTop }: WindowValues): WindowSums => {
  const sums = {
    n: nll.length,
    nll: 0,
    nll2: 0,
    nllBase: 0,
    nllBase2: 0,
    nllBoth: 0,
    kld: 0,
    kld2: 0,
    sameTop: 0,
    deltaP: 0,
    deltaP2: 0,
    deltaP4: 0,
  };
  for (let index = 0; index < nll.length; index += 1) {
    const own = nll[index] ?? NaN;
    const base = nllBase[index] ?? NaN;
    const divergence = kld[index] ?? NaN;
    const deltaP = Math.exp(-own) - Math.exp(-base);
    sums.nll += own;
    sums.nll2 += own ** 2;
    sums.nllBase += base;
    sums.nllBase2 += base ** 2;
    sums.nllBoth += own * base;
    sums.kld += divergence;
    sums.kld2 += divergence ** 2;
    sums.sameTop += sameTop[index] ?? 0;
    sums.deltaP += deltaP;
    sums.deltaP2 += deltaP ** 2;
    sums.deltaP4 += deltaP ** 4;
  }
  return sums;
};
