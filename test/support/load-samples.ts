import type { LoadSample, LoadSummary, StageLoad } from '../../shared/contract/load.ts';
import type { StageResult } from '../../electron/bench/profiles/profile.ts';
import { percentilesOf } from '../../electron/bench/stats/percentiles.ts';
import { createSample } from './bench-samples.ts';

export const createLoadSample = (overrides: Partial<LoadSample> = {}): LoadSample => ({
  ...createSample(overrides),
  engine: null,
  ...overrides,
});

const none = percentilesOf([]);

export const createSummary = (overrides: Partial<LoadSummary> = {}): LoadSummary => ({
  wallMs: 10_000,
  attempted: 100,
  finished: 100,
  errors: {},
  finishReasons: { length: 100 },
  ttftMs: none,
  ttftScheduledMs: none,
  ttfaMs: none,
  tpotMs: none,
  chunkGapMs: none,
  e2eMs: none,
  e2eScheduledMs: none,
  stalls: 0,
  tokensPerEvent: 1,
  decodeTps: 50,
  systemTps: 50,
  wholeTps: 48,
  requestsPerSecond: 1,
  goodput: null,
  schedule: null,
  promptTokens: 128,
  cachedShare: 0,
  outputTokens: 64,
  tokenCountSource: 'usage',
  engine: null,
  isOverSaturated: false,
  loopDelayP99Ms: 0.1,
  firstMinute: null,
  lastMinute: null,
  ...overrides,
});

/** A measured stage as adaptive shapes get it. */
export const stageResult = (load: StageLoad, overrides: Partial<LoadSummary> = {}): StageResult => ({
  name: JSON.stringify(load),
  load,
  summary: createSummary(overrides),
});
