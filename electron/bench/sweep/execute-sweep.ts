import type { Sweep, SweepCandidate } from '../../../shared/contract/sweep.ts';
import { AppError, isAbort, toAppError } from '../../../shared/errors/app-error.ts';
import { sequencesOf } from '../../../shared/units/sweep-sequences.ts';
import { orderOf } from '../measure/arms.ts';
import { createCommonThreads } from '../measure/common-threads.ts';
import { createModelSlot, type ModelSlot } from '../measure/model-slot.ts';
import { freeVramBytes, planBlocks } from '../measure/plan-blocks.ts';
import type { BenchPorts } from '../ports.ts';
import { estimateOf } from '../stats/estimate.ts';
import { warmUpRule, warmUpState, type WarmUpState } from '../stopping/warm-up.ts';
import { createCandidateArm, effectiveOf, type CandidateArm } from './candidate-arm.ts';
import { stopEarly } from './early-stop.ts';
import { isRacing, nextStep } from './halving.ts';

interface SweepWorld {
  readonly ports: BenchPorts;
  readonly signal: AbortSignal;
  get(): Sweep;
  /** Keeps the candidate's new state; durable when it returns. */
  put(candidate: SweepCandidate): void;
  note(text: string): void;
}

interface Contestant {
  readonly slot: ModelSlot;
  arm: CandidateArm | undefined;
}

/** A settled speed is worth no more of a sweep's time than this; the repetitions show what is left of it. */
const warmUpBudgetMs = 10_000;
/** Warm-ups get seeds of their own, far from the measured ones. */
const warmUpSeedOffset = 100_000;

const candidateOf = (sweep: Sweep, id: string): SweepCandidate => {
  const found = sweep.candidates.find((candidate) => candidate.id === id);
  if (found !== undefined) return found;
  throw new AppError('app.internal', `No candidate ${id}`);
};

const withEstimates = (candidate: SweepCandidate): SweepCandidate => {
  const of = (key: 'prefillTps' | 'decodeTps' | 'score') =>
    estimateOf(candidate.repetitions.flatMap((repetition) => repetition[key] ?? [])) ?? null;
  return { ...candidate, prefillTps: of('prefillTps'), decodeTps: of('decodeTps'), score: of('score') };
};

/** Loads the candidate where it is not loaded, and warms it up; `undefined` where that showed that it cannot win. */
const prepare = async (
  world: SweepWorld,
  id: string,
  contestant: Contestant,
): Promise<CandidateArm | undefined> => {
  if (contestant.arm !== undefined) return contestant.arm;
  const { spec } = world.get();
  const { label, ...candidate } = candidateOf(world.get(), id);
  const sequences = sequencesOf(candidate, spec);
  world.note(`${label}: loading`);
  const { replica, facts } = await contestant.slot.loaded();
  world.put({ ...candidateOf(world.get(), id), effective: effectiveOf(facts) });
  const arm = createCandidateArm({
    id,
    replica,
    spec,
    sequences,
    clock: world.ports.clock,
    signal: world.signal,
  });
  const rule = warmUpRule('engine', warmUpBudgetMs);
  const speeds: number[] = [];
  let spentMs = 0;
  let state: WarmUpState = 'unfinished';
  while (state === 'unfinished') {
    world.signal.throwIfAborted();
    const index = speeds.length;
    world.note(`${label}: warm-up ${index + 1}`);
    const measured = await arm.measure({
      index,
      isWarmup: true,
      seed: spec.seed + warmUpSeedOffset + index,
    });
    speeds.push(measured.score);
    spentMs += measured.wallMs;
    state = warmUpState(speeds, spentMs, rule);
    const known = candidateOf(world.get(), id);
    const elimination = stopEarly(known, speeds, world.get().candidates);
    if (elimination !== undefined) {
      world.put({ ...known, warmups: known.warmups + speeds.length, state: 'eliminated', elimination });
      return undefined;
    }
  }
  const known = candidateOf(world.get(), id);
  world.put({ ...known, warmups: known.warmups + speeds.length });
  contestant.arm = arm;
  return arm;
};

const measureOnce = async (world: SweepWorld, id: string, contestant: Contestant): Promise<void> => {
  try {
    world.signal.throwIfAborted();
    const arm = await prepare(world, id, contestant);
    if (arm === undefined) return;
    const before = candidateOf(world.get(), id);
    const index = before.repetitions.length;
    world.note(`${before.label}: repetition ${index + 1}`);
    const { wallMs: _wallMs, ...repetition } = await arm.measure({
      index,
      isWarmup: false,
      seed: world.get().spec.seed + index,
    });
    world.put(withEstimates({ ...before, repetitions: [...before.repetitions, repetition] }));
  } catch (error) {
    if (world.signal.aborted || isAbort(error)) throw error;
    const { code, message, hint } = toAppError(error);
    world.put({
      ...candidateOf(world.get(), id),
      state: 'failed',
      error: { code, message, ...(hint !== undefined && { hint }) },
    });
  }
};

/** Whether all candidates still in the race fit in memory together. */
const areTogether = async (world: SweepWorld, ids: readonly string[]): Promise<boolean> => {
  const { sizeBytes, spec } = world.get();
  const inventory = await world.ports.inventory();
  const plan = planBlocks(
    ids.map((modelId) => ({ modelId, sizeBytes })),
    {
      availableRamBytes: world.ports.host.availableMemoryBytes(),
      freeVramBytes: freeVramBytes(inventory, spec.settings.gpuLayers),
    },
  );
  return plan.order === 'interleaved';
};

/**
 * Measures until every candidate is cut, has failed, or is a finalist, and keeps each repetition as soon as it is
 * measured. Candidates that fit in memory together take turns, forward and backward, with the same seed per
 * repetition; else each is loaded, measured for the rung, and unloaded.
 * @throws AppError `app.cancelled`; what was measured stays
 */
export const executeSweep = async (
  world: SweepWorld,
  onOrder: (order: 'interleaved' | 'blocks') => void,
): Promise<void> => {
  await using open = new AsyncDisposableStack();
  const contestants = new Map<string, Contestant>();
  const threads = createCommonThreads();
  const contestantOf = (id: string): Contestant => {
    const known = contestants.get(id);
    if (known !== undefined) return known;
    const { modelId, modelPath } = world.get();
    const slot = createModelSlot({
      ports: world.ports,
      model: { modelId, path: modelPath },
      settings: candidateOf(world.get(), id).settings,
      threads,
      signal: world.signal,
      onProgress: () => undefined,
      onLoaded: () => undefined,
    });
    open.defer(() => slot[Symbol.asyncDispose]());
    const contestant: Contestant = { slot, arm: undefined };
    contestants.set(id, contestant);
    return contestant;
  };
  const unload = async (id: string): Promise<void> => {
    const contestant = contestants.get(id);
    contestants.delete(id);
    await contestant?.slot[Symbol.asyncDispose]();
  };
  const isDue = (id: string, repetitions: number): boolean => {
    const candidate = candidateOf(world.get(), id);
    return isRacing(candidate) && candidate.repetitions.length < repetitions;
  };

  const first = world.get().candidates.filter(isRacing);
  const isTogether = await areTogether(
    world,
    first.map(({ id }) => id),
  );
  onOrder(isTogether ? 'interleaved' : 'blocks');

  for (;;) {
    const { candidates, spec } = world.get();
    const step = nextStep(candidates, spec);
    switch (step.type) {
      case 'measure': {
        const { candidateIds, repetitions } = step;
        if (isTogether) {
          for (let round = 0; candidateIds.some((id) => isDue(id, repetitions)); round += 1) {
            for (const id of orderOf(candidateIds, round)) {
              if (isDue(id, repetitions)) await measureOnce(world, id, contestantOf(id));
              if (!isRacing(candidateOf(world.get(), id))) await unload(id);
            }
          }
        } else {
          for (const id of candidateIds) {
            while (isDue(id, repetitions)) await measureOnce(world, id, contestantOf(id));
            await unload(id);
          }
        }
        break;
      }
      case 'cut':
        for (const [id, elimination] of step.eliminated) {
          world.put({ ...candidateOf(world.get(), id), state: 'eliminated', elimination });
          await unload(id);
        }
        break;
      case 'decide':
        return;
      default:
        step satisfies never;
    }
  }
};
