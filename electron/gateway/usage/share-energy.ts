import type { StepTotals } from '../../../shared/contract/engine-steps.ts';
import type { EngineWork } from './engine-work.ts';

/** A stretch of the monotonic clock between two readings of a device. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a request did in a stretch. */
export interface WorkInStretch extends Omit<EngineWork, 'outputTokens'> {
  /** Prompt tokens taken in within it, as far as can be told. */
  readonly prefilled: number;
  /** Generated within it. */
  readonly decoded: number;
}

export interface EnergyShares {
  /** By request id. */
  readonly shares: ReadonlyMap<string, number>;
  /** Drawn while no request was at work. */
  readonly idleJoules: number;
}

const overlapMs = (fromMs: number, toMs: number, stretch: Stretch): number =>
  Math.max(0, Math.min(toMs, stretch.toMs) - Math.max(fromMs, stretch.fromMs));

const inEngineMs = (work: Pick<WorkInStretch, 'fromMs' | 'toMs'>, stretch: Stretch): number =>
  overlapMs(work.fromMs, work.toMs ?? stretch.toMs, stretch);

/** Time that a request spent in prefill within a stretch, waiting for others' prompts included. */
export const inPrefillMs = (
  work: Pick<EngineWork, 'fromMs' | 'firstTokenMs' | 'toMs'>,
  stretch: Stretch,
): number => overlapMs(work.fromMs, work.firstTokenMs ?? work.toMs ?? stretch.toMs, stretch);

/** Time in which at least one was at work. */
const busyMs = (works: readonly WorkInStretch[], stretch: Stretch): number => {
  let busy = 0;
  let { fromMs } = stretch;
  for (const work of works.toSorted((a, b) => a.fromMs - b.fromMs)) {
    busy += overlapMs(Math.max(fromMs, work.fromMs), work.toMs ?? stretch.toMs, stretch);
    fromMs = Math.max(fromMs, work.toMs ?? stretch.toMs);
  }
  return busy;
};

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Shares in proportion to the first of the weights that is not 0 for all. */
const shareBy = (
  joules: number,
  works: readonly WorkInStretch[],
  weights: readonly ((work: WorkInStretch) => number)[],
): readonly number[] => {
  for (const weightOf of weights) {
    const all = works.map(weightOf);
    const total = sumOf(all);
    if (total > 0) return all.map((weight) => (joules * weight) / total);
  }
  return works.map(() => joules / works.length);
};

/** By time alone where no step was told. */
const shareInGroup = (
  joules: number,
  works: readonly WorkInStretch[],
  { stretch, steps }: { readonly stretch: Stretch; readonly steps: StepTotals },
): readonly number[] => {
  const inEngine = (work: WorkInStretch): number => inEngineMs(work, stretch);
  const stepMs = steps.prefillMs + steps.decodeMs;
  if (stepMs === 0) return shareBy(joules, works, [inEngine]);
  const prefillJoules = (joules * steps.prefillMs) / stepMs;
  const prefill = shareBy(prefillJoules, works, [
    ({ prefilled }) => prefilled,
    (work) => inPrefillMs(work, stretch),
    inEngine,
  ]);
  const decode = shareBy(joules - prefillJoules, works, [({ decoded }) => decoded, inEngine]);
  return prefill.map((share, index) => share + (decode[index] ?? 0));
};

/** Requests that an engine worked on in one way, and the time it took. */
interface Group {
  readonly works: readonly WorkInStretch[];
  readonly steps: StepTotals;
  readonly engineMs: number;
}

const noSteps: StepTotals = { prefillMs: 0, decodeMs: 0, prefilled: 0 };

/**
 * Those of a model that run in steps, and those that do not (embeddings, reranking: their prompt's tokens are told at the
 * end): these had what was not spent on steps, of the time they were there.
 */
const groupsOf = (works: readonly WorkInStretch[], steps: StepTotals, stretch: Stretch): readonly Group[] => {
  const inSteps = works.filter(({ prefillTokens }) => prefillTokens !== null);
  const others = works.filter(({ prefillTokens }) => prefillTokens === null);
  const stepMs = steps.prefillMs + steps.decodeMs;
  const notOnSteps = Math.max(0, busyMs(works, stretch) - stepMs);
  return [
    { works: inSteps, steps, engineMs: stepMs > 0 ? stepMs : busyMs(inSteps, stretch) },
    { works: others, steps: noSteps, engineMs: Math.min(busyMs(others, stretch), notOnSteps) },
  ].filter((group) => group.works.length > 0);
};

/**
 * Shares what a device drew in a stretch among the requests that ran in it; shares and idle energy add up to it.
 *
 * Energy goes by time in the engine, as Kepler gives energy to processes by CPU time (sustainable-computing.io,
 * "Power attribution"): what a request takes of an engine is its time. So: the part of the stretch in which nobody ran is
 * idle. The rest goes to the models by the time their engines spent on steps, of a model to prefill and decode by the
 * same, and of each to the requests by the tokens each had processed in it, since a step gives every token of its batch
 * the same. Pure.
 * @param stepsOf what the engines of a model spent on steps within the stretch; all 0 where they told of none
 */
export const shareEnergy = (
  { joules, ...stretch }: Stretch & { readonly joules: number },
  given: readonly WorkInStretch[],
  stepsOf: (model: string) => StepTotals,
): EnergyShares => {
  const works = given.filter((work) => inEngineMs(work, stretch) > 0);
  if (works.length === 0) return { shares: new Map(), idleJoules: joules };
  const busyJoules = (joules * busyMs(works, stretch)) / (stretch.toMs - stretch.fromMs);
  const groups = [...Map.groupBy(works, ({ model }) => model)].flatMap(([model, ofOne]) =>
    groupsOf(ofOne, stepsOf(model), stretch),
  );
  const allMs = sumOf(groups.map(({ engineMs }) => engineMs));
  const shares = groups.flatMap(({ works: ofOne, steps, engineMs }) => {
    const part = allMs > 0 ? engineMs / allMs : 1 / groups.length;
    const each = shareInGroup(busyJoules * part, ofOne, { stretch, steps });
    return ofOne.map(({ requestId }, index): [string, number] => [requestId, each[index] ?? 0]);
  });
  return { shares: new Map(shares), idleJoules: joules - busyJoules };
};
