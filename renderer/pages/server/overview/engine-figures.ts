import type { Replica } from '../../../../shared/contract/engine.ts';
import { formatCount, formatFigure, formatGib } from '../../../../shared/units/format.ts';

/** A line of the engine panel; without a value the reason why nobody knows it. */
export type EngineFigure =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly value: null; readonly reason: string };

const noSteps = 'no decode step yet: it comes with the first request';

const figure = (
  name: string,
  value: number | null | undefined,
  unit: string,
  reason: string,
): EngineFigure =>
  value === null || value === undefined
    ? { name, value: null, reason }
    : { name, value: `${formatFigure(value)}${unit}` };

/** The reason for a missing figure of the steps: there are none, or too few for this one. */
const stepReason = ({ steps }: Replica, tooFew: string): string => (steps === undefined ? noSteps : tooFew);

const threadsOf = ({ state }: Replica): EngineFigure => {
  const name = 'Threads';
  if (state.type !== 'ready') return { name, value: null, reason: `the engine is ${state.type}` };
  const { threads, prefillThreads = threads } = state.facts;
  return {
    name,
    value:
      threads === prefillThreads
        ? formatCount(threads)
        : `${formatCount(threads)} decode, ${formatCount(prefillThreads)} prefill`,
  };
};

const kvOf = ({ kvTokens, state }: Replica): EngineFigure => ({
  name: 'KV cache',
  value:
    state.type === 'ready'
      ? `${formatCount(kvTokens)} of ${formatCount(state.facts.slots * state.facts.contextSize)} tokens`
      : `${formatCount(kvTokens)} tokens`,
});

/** What an engine does inside, as `dyno engines list` shows it: figures of its newest steps, at most 512. */
export const engineFigures = (replica: Replica): readonly EngineFigure[] => {
  const { steps } = replica;
  return [
    threadsOf(replica),
    kvOf(replica),
    steps === undefined
      ? { name: 'Decode steps seen', value: null, reason: noSteps }
      : { name: 'Decode steps seen', value: formatCount(steps.decodeSteps) },
    figure('Batch, mean', steps?.decodeBatchMean, ' sequences', noSteps),
    figure('Decode step, p50', steps?.decodeMsP50, ' ms', stepReason(replica, 'fewer than 6 steps')),
    figure('Decode step, p95', steps?.decodeMsP95, ' ms', stepReason(replica, 'fewer than 72 steps')),
    figure(
      'Prefill, share of step time',
      steps === undefined ? null : steps.prefillShare * 100,
      ' %',
      noSteps,
    ),
    figure(
      'Event loop delay, p99',
      steps?.loopDelayP99Ms,
      ' ms',
      stepReason(replica, 'fewer than 368 readings'),
    ),
    replica.residentBytes === null
      ? { name: 'Resident memory', value: null, reason: 'the engine has not told it yet' }
      : { name: 'Resident memory', value: `${formatGib(replica.residentBytes)} GiB` },
  ];
};
