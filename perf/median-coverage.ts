import { medianDifference } from '../electron/bench/stats/median-difference.ts';
import { createSeededRandom } from '../electron/bench/stats/seeded-random.ts';

/**
 * In how many of simulated comparisons the interval of a difference of medians holds the true one, by the shape of the
 * values and the repetitions per arm. The calibration in `median-difference.ts` rests on it.
 */
const isQuick = process.argv.includes('--quick');
const trials = isQuick ? 500 : 4000;
const random = createSeededRandom(7);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const shapes: Readonly<Record<string, () => number>> = {
  normal: () => 10 + normal(),
  exponential: () => -Math.log(1 - random()),
  lognormal: () => Math.exp(normal()),
};

process.stdout.write(`shape        n  holds 95 %, share of ${trials} pairs of samples\n`);
for (const [name, draw] of Object.entries(shapes)) {
  for (const n of [4, 5, 6, 8, 10, 12, 16, 20, 30]) {
    let held = 0;
    for (let seed = 1; seed <= trials; seed += 1) {
      const [a, b] = [Array.from({ length: n }, draw), Array.from({ length: n }, draw)];
      const { low, high } = medianDifference(a, b, { seed, resamples: 1000 }).difference;
      if (low <= 0 && high >= 0) held += 1;
    }
    process.stdout.write(
      `${name.padEnd(11)} ${String(n).padStart(2)}  ${((100 * held) / trials).toFixed(1)} %\n`,
    );
  }
}
