import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import { pairedRounds } from '../electron/bench/stats/paired-rounds.ts';
import { createHardware } from '../electron/hardware/index.ts';
import { engineSettingsSchema } from '../shared/contract/models.ts';
import { openPool } from './engine/dyno-ports.ts';

/**
 * Sensors-off A/A: does the sampler move what it watches? The same decode test with the telemetry process sampling and
 * without it, in pairs whose order alternates (on-off, off-on), same seed within a pair. Printed: both medians, the
 * median of the paired ratios with its bootstrap interval, and the sampler's own CPU time.
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    threads: { type: 'string', default: '1' },
    pairs: { type: 'string', default: '20' },
    tokens: { type: 'string', default: '256' },
    passes: { type: 'string', default: '4' },
    'interval-ms': { type: 'string', default: '500' },
  },
});

const root = fileURLToPath(new URL('..', import.meta.url));
const path = options.model ?? `${root}resources/model/dyno-demo-4m-f16.gguf`;
const pairs = Number(options.pairs);
const tokens = Number(options.tokens);
const passes = Number(options.passes);
const signal = new AbortController().signal;

const { pool, ports } = openPool();
await using _pool = pool;
await using hardware = createHardware({
  ...ports,
  inspector: { probe: () => Promise.reject(new Error('not asked')) },
  intervalMs: Number(options['interval-ms']),
});
const replica = await pool.acquire(
  {
    modelId: 'sensors',
    path,
    settings: engineSettingsSchema.parse({
      threads: Number(options.threads),
      slots: 1,
      contextSize: Math.max(512, tokens),
    }),
    isExclusive: true,
  },
  { signal },
);

/** Tokens per second of CPU and of wall over a few passes: the noise of other programs is in the second only. */
const measure = async (seed: number): Promise<{ readonly wall: number; readonly cpu: number }> => {
  let wallMs = 0;
  let cpuMs = 0;
  for (let pass = 0; pass < passes; pass += 1) {
    const run = await replica.runLadder(
      { kind: 'decode', tokens, depth: 0, sequences: 1, seed: seed * 1000 + pass },
      { signal },
    );
    wallMs += run.wallMs;
    cpuMs += run.cpuPerWall * run.wallMs;
  }
  const all = tokens * passes;
  return { wall: (all / wallMs) * 1000, cpu: (all / cpuMs) * 1000 };
};

const shares: number[] = [];
const measureWatched = async (seed: number) => {
  const stop = new AbortController();
  let hasBegun: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    hasBegun = resolve;
  });
  const watching = (async () => {
    for await (const sample of hardware.watch(stop.signal)) {
      if (sample.samplerCpuShare !== null) shares.push(sample.samplerCpuShare);
      hasBegun();
    }
  })();
  await begun; // its start is no part of what is measured
  const result = await measure(seed);
  stop.abort();
  await watching;
  return result;
};

await measure(0);
await measure(1);
const on: { wall: number; cpu: number }[] = [];
const off: { wall: number; cpu: number }[] = [];
for (let pair = 0; pair < pairs; pair += 1) {
  const seed = 10 + pair;
  if (pair % 2 === 0) on.push(await measureWatched(seed));
  off.push(await measure(seed));
  if (pair % 2 === 1) on.push(await measureWatched(seed));
}

const percent = (ratio: number): string => `${((ratio - 1) * 100).toFixed(2)} %`;
for (const kind of ['wall', 'cpu'] as const) {
  const judged = pairedRounds(
    on.map((one) => one[kind]),
    off.map((one) => one[kind]),
  );
  if (judged === null) continue;
  const { value, low, high } = judged.ratio;
  const unit = kind === 'wall' ? 't/s' : 't per CPU s';
  console.log(
    `tg${tokens} × ${passes}, ${kind === 'wall' ? 'wall time' : 'CPU time '}: on ${median(on.map((one) => one[kind])).toFixed(1)}, off ${median(off.map((one) => one[kind])).toFixed(1)} ${unit}; on against off ${percent(value)} (95 % interval ${percent(low)} to ${percent(high)}), n ${pairs} pairs, signed rank p ${judged.signedRank.p.toFixed(3)}`,
  );
}
console.log(
  shares.length === 0
    ? 'the sampler told no CPU time of its own'
    : `sampler: ${(median(shares) * 100).toFixed(2)} % of one core (median of ${shares.length} readings)`,
);
