import type { EngineWork } from './engine-work.ts';

/** A stretch of the monotonic clock between two readings of a device. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a request did in a stretch. */
export interface WorkInStretch extends Omit<EngineWork, 'outputTokens'> {
  /** Generated within it. */
  readonly tokens: number;
}

/** Time that the engines of a model spent on steps within a stretch; both 0 where they told of none. */
export interface StepTimes {
  readonly prefillMs: number;
  readonly decodeMs: number;
}

export interface EnergyShares {
  /** By request id. */
  readonly shares: ReadonlyMap<string, number>;
  /** Drawn while no request was at work. */
  readonly idleJoules: number;
}

const overlapMs = (fromMs: number, toMs: number, stretch: Stretch): number =>
  Math.max(0, Math.min(toMs, stretch.toMs) - Math.max(fromMs, stretch.fromMs));

const inEngineMs = (work: WorkInStretch, stretch: Stretch): number =>
  overlapMs(work.fromMs, work.toMs ?? stretch.toMs, stretch);

const inPrefillMs = (work: WorkInStretch, stretch: Stretch): number =>
  overlapMs(work.fromMs, work.firstTokenMs ?? work.toMs ?? stretch.toMs, stretch);

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

/** Among requests of one model; engines that told of no step (embeddings) give by time alone. */
const shareInModel = (
  joules: number,
  works: readonly WorkInStretch[],
  { stretch, steps }: { readonly stretch: Stretch; readonly steps: StepTimes },
): readonly number[] => {
  const inEngine = (work: WorkInStretch): number => inEngineMs(work, stretch);
  const stepMs = steps.prefillMs + steps.decodeMs;
  if (stepMs === 0) return shareBy(joules, works, [inEngine]);
  const prefillJoules = (joules * steps.prefillMs) / stepMs;
  const prefill = shareBy(prefillJoules, works, [(work) => inPrefillMs(work, stretch), inEngine]);
  const decode = shareBy(joules - prefillJoules, works, [({ tokens }) => tokens, inEngine]);
  return prefill.map((share, index) => share + (decode[index] ?? 0));
};

/**
 * Shares what a device drew in a stretch among the requests that ran in it; shares and idle energy add up to it.
 *
 * Energy goes by time in the engine, as Kepler gives energy to processes by CPU time (sustainable-computing.io,
 * "Power attribution"): what a request takes of an engine is its time. So: the part of the stretch in which nobody ran is
 * idle. The rest goes to the models by the time their engines spent on steps, of a model to prefill and decode by the
 * same, prefill to its requests by their time in it, decode by the tokens each generated, since a step decodes one token
 * of every sequence. Pure.
 */
export const shareEnergy = (
  { joules, ...stretch }: Stretch & { readonly joules: number },
  given: readonly WorkInStretch[],
  stepsOf: (model: string) => StepTimes,
): EnergyShares => {
  const works = given.filter((work) => inEngineMs(work, stretch) > 0);
  if (works.length === 0) return { shares: new Map(), idleJoules: joules };
  const busyJoules = (joules * busyMs(works, stretch)) / (stretch.toMs - stretch.fromMs);
  const models = [...Map.groupBy(works, ({ model }) => model)].map(([model, ofOne]) => {
    const steps = stepsOf(model);
    const stepMs = steps.prefillMs + steps.decodeMs;
    return { ofOne, steps, engineMs: stepMs > 0 ? stepMs : busyMs(ofOne, stretch) };
  });
  const allMs = sumOf(models.map(({ engineMs }) => engineMs));
  const shares = models.flatMap(({ ofOne, steps, engineMs }) => {
    const ofModel = shareInModel((busyJoules * engineMs) / allMs, ofOne, { stretch, steps });
    return ofOne.map(({ requestId }, index): [string, number] => [requestId, ofModel[index] ?? 0]);
  });
  return { shares: new Map(shares), idleJoules: joules - busyJoules };
};
