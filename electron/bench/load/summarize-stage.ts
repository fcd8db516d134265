import { max, median, min } from 'simple-statistics';
import type { LoadSample, LoadSummary, Slo } from '../../../shared/contract/load.ts';
import { rawValues, steadyWindow, tokensWithin } from '../figures/request-metrics.ts';
import { percentilesOf } from '../stats/percentiles.ts';
import { goodputOf } from './goodput.ts';
import { isRising } from './rising.ts';
import { lagOf, scheduleOf, type PlannedSchedule } from './schedule.ts';

export interface StageFacts {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly loopDelayP99Ms: number | null;
  readonly slo: Slo | null;
  /** The arrivals that were asked for; `null` in closed stages. */
  readonly schedule: PlannedSchedule | null;
}

const minuteMs = 60_000;

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
const middle = (values: readonly (number | null)[]): number | null => {
  const list = known(values);
  return list.length === 0 ? null : median(list);
};
const countBy = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, own]) => [name, own.length]));

/** Tokens and requests of a stretch of time. */
const stretchOf = (good: readonly LoadSample[], fromMs: number, toMs: number) => {
  const seconds = (toMs - fromMs) / 1000;
  const ended = good.filter((sample) => {
    const endMs = sample.sentAtMs + (sample.lastTokenMs ?? Infinity);
    return endMs > fromMs && endMs <= toMs;
  });
  return {
    tps: good.reduce((sum, sample) => sum + tokensWithin(sample, fromMs, toMs), 0) / seconds,
    requestsPerSecond: ended.length / seconds,
    ended,
  };
};

/** The time of even load: every user at work; in an open stage, arrivals from the first answer on. */
const evenWindow = (good: readonly LoadSample[], { schedule }: StageFacts) => {
  if (schedule === null) return steadyWindow(good);
  if (good.length === 0) return null;
  const firstAnswerMs = min(good.map((sample) => sample.sentAtMs + (sample.lastTokenMs ?? Infinity)));
  const lastArrivalMs = max(good.map((sample) => sample.intendedAtMs));
  return Number.isFinite(firstAnswerMs) && lastArrivalMs > firstAnswerMs
    ? { fromMs: firstAnswerMs, toMs: lastArrivalMs }
    : null;
};

const minuteOf = (good: readonly LoadSample[], fromMs: number) => {
  const { tps, ended } = stretchOf(good, fromMs, fromMs + minuteMs);
  const begun = good.filter((sample) => sample.sentAtMs >= fromMs && sample.sentAtMs < fromMs + minuteMs);
  return {
    outputTps: tps,
    ttftMs: middle(begun.map((sample) => sample.firstTokenMs)),
    requests: ended.length,
  };
};

/** Requests open at every send, from the sends and ends of all. */
const openAtSends = (samples: readonly LoadSample[]) => {
  const ends = samples.map((sample) => sample.sentAtMs + (sample.endMs ?? 0)).sort((a, b) => a - b);
  const sends = samples.map((sample) => sample.sentAtMs).sort((a, b) => a - b);
  let ended = 0;
  return sends.map((atMs, position) => {
    while (ended < ends.length && (ends[ended] ?? Infinity) < atMs) ended += 1;
    return { atMs, value: position + 1 - ended };
  });
};

const isOverSaturated = (good: readonly LoadSample[], { schedule }: StageFacts): boolean => {
  const waits = good.flatMap((sample) =>
    sample.firstTokenMs === null
      ? []
      : [{ atMs: sample.intendedAtMs, value: sample.firstTokenMs + lagOf(sample) }],
  );
  // with a fixed number of users the open requests cannot rise, so the waiting alone tells
  return isRising(waits) && (schedule === null || isRising(openAtSends(good)));
};

const engineOf = (good: readonly LoadSample[]): LoadSummary['engine'] => {
  const rate = (tokens: number | null, ms: number | null) =>
    tokens === null || ms === null || ms <= 0 ? null : (tokens / ms) * 1000;
  const told = good.flatMap((sample) => (sample.engine === null ? [] : [sample.engine]));
  if (told.length === 0) return null;
  return {
    prefillTps: middle(told.map((engine) => rate(engine.promptTokens, engine.promptMs))),
    decodeTps: middle(told.map((engine) => rate(engine.decodeTokens, engine.decodeMs))),
  };
};

/** Over the requests whose server said how much of the prompt it had in its cache. */
const cachedShareOf = (good: readonly LoadSample[]): number | null => {
  const told = good.flatMap(({ promptTokens, cachedTokens }) =>
    promptTokens === null || cachedTokens === null ? [] : [{ promptTokens, cachedTokens }],
  );
  const promptTokens = told.reduce((sum, sample) => sum + sample.promptTokens, 0);
  return promptTokens === 0
    ? null
    : told.reduce((sum, sample) => sum + sample.cachedTokens, 0) / promptTokens;
};

const sourceOf = (good: readonly LoadSample[]): LoadSummary['tokenCountSource'] => {
  const [first, ...others] = new Set(good.map((sample) => sample.tokenCountSource));
  return first === undefined ? null : others.length === 0 ? first : 'mixed';
};

/** What the samples of a stage amount to. Pure; the formulas are those of docs/metrics.md. */
export const summarizeStage = (samples: readonly LoadSample[], facts: StageFacts): LoadSummary => {
  const good = samples.filter((sample) => sample.error === null);
  const raw = rawValues(good);
  const wallMs = facts.endedAtMs - facts.startedAtMs;
  const window = evenWindow(good, facts);
  const stretch = window === null ? null : stretchOf(good, window.fromMs, window.toMs);
  const even = stretch === null || stretch.ended.length === 0 ? null : stretch; // too short to tell anything
  const scheduled = (pick: (sample: LoadSample) => number | null) =>
    percentilesOf(good.flatMap((sample) => known([pick(sample)]).map((ms) => ms + lagOf(sample))));
  const tokens = good.reduce((sum, sample) => sum + (sample.outputTokens ?? 0), 0);
  const events = good.reduce((sum, sample) => sum + sample.gapsMs.length + 1, 0);
  const gapLimit = 4 * (middle(raw.chunkGapMs) ?? Infinity);
  const tpotMs = middle(raw.tpotMs);
  const isLong = wallMs >= 2 * minuteMs;
  return {
    wallMs,
    attempted: samples.length,
    finished: good.length,
    errors: countBy(samples.flatMap((sample) => (sample.error === null ? [] : [sample.error.code]))),
    finishReasons: countBy(good.map((sample) => sample.finishReason ?? 'none')),
    ttftMs: percentilesOf(raw.ttftMs),
    ttftScheduledMs: scheduled((sample) => sample.firstTokenMs),
    ttfaMs: percentilesOf(raw.ttfaMs),
    tpotMs: percentilesOf(raw.tpotMs),
    chunkGapMs: percentilesOf(raw.chunkGapMs),
    e2eMs: percentilesOf(raw.e2eMs),
    e2eScheduledMs: scheduled((sample) => sample.lastTokenMs),
    stalls: raw.chunkGapMs.filter((gap) => gap > gapLimit).length,
    tokensPerEvent: events === 0 ? null : tokens / events,
    decodeTps: tpotMs === null || tpotMs <= 0 ? null : 1000 / tpotMs,
    systemTps: even?.tps ?? null,
    wholeTps: wallMs > 0 ? (tokens / wallMs) * 1000 : null,
    requestsPerSecond: even?.requestsPerSecond ?? (wallMs > 0 ? (good.length / wallMs) * 1000 : null),
    goodput: goodputOf(samples, facts.slo, wallMs),
    schedule: facts.schedule === null ? null : scheduleOf(samples, facts.schedule),
    promptTokens: middle(good.map((sample) => sample.promptTokens)),
    cachedShare: cachedShareOf(good),
    outputTokens: middle(good.map((sample) => sample.outputTokens)),
    tokenCountSource: sourceOf(good),
    engine: engineOf(good),
    isOverSaturated: isOverSaturated(good, facts),
    loopDelayP99Ms: facts.loopDelayP99Ms,
    firstMinute: isLong ? minuteOf(good, facts.startedAtMs) : null,
    lastMinute: isLong ? minuteOf(good, facts.endedAtMs - minuteMs) : null,
  };
};
