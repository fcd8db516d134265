import type { Sample } from './peers.ts';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const number = (value: number, digits = 1): string => (Number.isNaN(value) ? '?' : value.toFixed(digits));

const describe = (
  label: string,
  values: readonly number[],
  samples: readonly Sample[],
  unit: string,
): string => {
  const cpu = samples.map(
    ({ cpuPerWall, foreignCpu }) => `${number(cpuPerWall, 2)}+${number(foreignCpu, 2)}`,
  );
  const each = values.map((value) => number(value)).join(' ');
  return `    ${label.padEnd(20)} ${number(median(values)).padStart(9)} ${unit}   each: ${each}   cpu/wall own+foreign: ${cpu.join(' ')}`;
};

/** Prints one measure with every repetition, and the ratio of repetition pairs with its spread. */
export const printComparison = <S extends Sample>(
  title: string,
  dyno: readonly S[],
  peer: { readonly name: string; readonly samples: readonly S[] } | undefined,
  pick: (sample: S) => number = ({ tokensPerSecond }) => tokensPerSecond,
  unit = 't/s',
): void => {
  console.log(`  ${title}`);
  const own = dyno.map(pick);
  console.log(describe('Dyno', own, dyno, unit));
  if (peer === undefined || peer.samples.length === 0) return;
  const theirs = peer.samples.map(pick);
  console.log(describe(peer.name, theirs, peer.samples, unit));
  const ratios = own.map((value, index) => value / (theirs[index] ?? Number.NaN)).filter(Number.isFinite);
  const spread = `${number(Math.min(...ratios), 2)}-${number(Math.max(...ratios), 2)}`;
  const best = (values: readonly number[]) => (unit === 'ms' ? Math.min(...values) : Math.max(...values));
  console.log(
    `    ratio Dyno / ${peer.name}: ${number(median(own) / median(theirs), 3)} of medians, pairs ${spread}, best of each ${number(best(own) / best(theirs), 3)}`,
  );
  if (unit === 'ms') return;
  // what a token costs in CPU time hardly changes when others take the cores
  const perCpu = (samples: readonly S[]) => median(samples.map((sample) => pick(sample) / sample.cpuPerWall));
  console.log(
    `    tokens per CPU second: ${number(perCpu(dyno))} and ${number(perCpu(peer.samples))}, ratio ${number(perCpu(dyno) / perCpu(peer.samples), 3)}`,
  );
};
