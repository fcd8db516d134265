export { createBench } from './create-bench.ts';
export type { Bench } from './create-bench.ts';
export { createSseParser } from './driver/sse-parser.ts';
export type { Judge } from './judge/ports.ts';
export type { ModelMaker } from './make/ports.ts';
export type { BenchPorts, BenchTarget, ForeignRun, IdleState } from './ports.ts';
export { createQuality, type Quality } from './quality/create-quality.ts';
export type { ScoringDevice } from './quality/ports.ts';
