import { max, min, quantile } from 'simple-statistics';
import type { Cell } from '../../../../shared/contract/bench.ts';
import type { Fact } from '../../../../shared/contract/imports.ts';
import type { ReportedRun } from '../../../../shared/contract/report.ts';
import { formatCount, formatDuration, formatFigure, UNKNOWN } from '../../../../shared/units/format.ts';
import { factsOf } from './fact.ts';

const setting = factsOf('settings');
const workload = factsOf('workload');

/** Told once for the whole run, or by the name of the test. */
const saidElsewhere: ReadonlySet<string> = new Set(['corpusSha256', 'sampling', 'profile', 'kind']);

/** `promptTokens` as people read it: `prompt tokens`; a time loses its unit, which stands behind the value. */
const wordsOf = (key: string): string =>
  key
    .replace(/Ms$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();

const valueText = (value: unknown): string => {
  if (typeof value === 'number') return Number.isInteger(value) ? formatCount(value) : String(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** Every parameter of a test, in the order of the workload: `tokens 128, depth 0, sequences 1`. */
const askedOf = ({ workload: { parameters, ...rest } }: Cell): string => {
  const flat = { ...rest, ...(typeof parameters === 'object' ? parameters : {}) };
  return Object.entries(flat)
    .filter(([key]) => !saidElsewhere.has(key))
    .map(([key, value]) => `${wordsOf(key)} ${valueText(value)}${key.endsWith('Ms') ? ' ms' : ''}`)
    .join(', ');
};

/** The tests with every parameter, the seed and the text: what another machine needs to do the same work. */
export const workloadFacts = ({ run }: ReportedRun): readonly Fact[] => {
  const { spec, cells } = run;
  const corpus = cells.map((cell) => cell.workload['corpusSha256']).find((hash) => typeof hash === 'string');
  return [
    setting('Preset', spec.preset),
    setting(
      'Repetitions',
      spec.extraRepetitions === undefined
        ? `${spec.repetitions}`
        : `${spec.repetitions}, up to ${spec.extraRepetitions.upTo} while a cell takes under ${formatDuration(spec.extraRepetitions.whileUnderMs)}`,
    ),
    setting(
      'Warm-up',
      `until three repetitions lie within 2 % (engine) or 10 % (API), at most 10${spec.warmupBudgetMs === undefined ? '' : ` and ${formatDuration(spec.warmupBudgetMs)}`}`,
    ),
    setting(
      'Order',
      spec.order === 'blocks'
        ? 'one model after the other'
        : spec.models.length > 1
          ? 'models take turns, forward and backward'
          : 'one model',
    ),
    ...(spec.coolDownMs > 0 ? [setting('Pause between tests', formatDuration(spec.coolDownMs))] : []),
    workload('Seed', spec.seed),
    workload('Sampling', 'greedy, fixed length, end of sequence ignored, prompt cache off'),
    ...(corpus === undefined ? [] : [workload('Text of the prompts, SHA-256', corpus)]),
    ...[...Map.groupBy(cells, (cell) => cell.test)].flatMap(([test, [first]]) =>
      first === undefined ? [] : [workload(test, askedOf(first))],
    ),
  ];
};

/** A row of what a test of the API ladder really sent and got. */
export interface SentRow {
  readonly test: string;
  readonly requests: number;
  readonly promptAsked: string;
  readonly promptGot: string;
  readonly cached: string;
  readonly answerAsked: string;
  readonly answerGot: string;
  /** Lag behind the intended send; `closed loop` where a request waits for an answer and there is no schedule. */
  readonly lag: string;
}

const rangeOf = (values: readonly (number | null)[]): string => {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return UNKNOWN;
  const [low, high] = [min(known), max(known)];
  return low === high ? formatCount(low) : `${formatCount(low)} to ${formatCount(high)}`;
};

const askedPrompt = (cell: Cell | undefined): string => {
  const { parameters } = cell?.workload ?? {};
  if (typeof parameters !== 'object' || parameters === null || !('promptTokens' in parameters))
    return UNKNOWN;
  return valueText(parameters.promptTokens);
};

/** A request of a closed loop is intended the moment its stream is free, so its schedule cannot be missed. */
const isClosed = (test: string): boolean => test.startsWith('closed-loop') || test === 'single-stream';

/** Lengths asked and got, and how well the schedule was kept, per test of the API ladder. */
export const sentRows = ({ run, samples }: ReportedRun): readonly SentRow[] => {
  const byId = new Map(run.cells.map((cell) => [cell.id, cell]));
  const counted = samples.filter((sample) => !sample.isWarmup);
  return [...Map.groupBy(counted, (sample) => byId.get(sample.cellId)?.test ?? UNKNOWN)].map(
    ([test, own]) => {
      const good = own.filter((sample) => sample.error === null);
      const lags = own.map((sample) => sample.sentAtMs - sample.intendedAtMs);
      return {
        test,
        requests: own.length,
        promptAsked: askedPrompt(run.cells.find((cell) => cell.test === test)),
        promptGot: rangeOf(good.map((sample) => sample.promptTokens)),
        cached: rangeOf(good.map((sample) => sample.cachedTokens)),
        answerAsked: rangeOf(own.map((sample) => sample.askedTokens)),
        answerGot: rangeOf(good.map((sample) => sample.outputTokens)),
        lag: isClosed(test)
          ? 'closed loop'
          : `p99 ${formatFigure(quantile(lags, 0.99))} ms, max ${formatFigure(max(lags))} ms`,
      };
    },
  );
};
