import { z } from 'zod';
import { benchTickSchema } from '../contract/bench-tick.ts';
import { cellSchema, repetitionSchema } from '../contract/bench.ts';
import { judgeStepSchema } from '../contract/bench-judge.ts';
import { makeStepSchema } from '../contract/bench-make.ts';
import { budgetSchema } from '../contract/budgets.ts';
import { jobSchema } from '../contract/common.ts';
import { replicaSchema } from '../contract/engine.ts';
import { loadStageSchema, loadTickSchema } from '../contract/load.ts';
import { modelLoadSchema } from '../contract/model-load.ts';
import { modelSchema } from '../contract/models.ts';
import { serverRequestSchema, serverStatusSchema } from '../contract/server.ts';

/** What happened, in the past tense. The envelope (`seq`, `atMs`) is added when the event is stored. */
export const eventBodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job.changed'), job: jobSchema }),
  z.object({ type: z.literal('model.added'), model: modelSchema }),
  z.object({ type: z.literal('model.changed'), model: modelSchema }),
  z.object({ type: z.literal('model.removed'), modelId: z.string() }),
  z.object({ type: z.literal('engine.changed'), replica: replicaSchema }),
  z.object({ type: z.literal('engine.removed'), replicaId: z.string() }),
  z.object({ type: z.literal('bench.started'), runId: z.string() }),
  z.object({ type: z.literal('bench.make-changed'), runId: z.string(), make: makeStepSchema }),
  z.object({ type: z.literal('bench.judge-changed'), runId: z.string(), judge: judgeStepSchema }),
  /** A load has begun, or ended. */
  z.object({ type: z.literal('bench.load-changed'), runId: z.string(), load: modelLoadSchema }),
  z.object({ type: z.literal('bench.cell-started'), runId: z.string(), cellId: z.string() }),
  z.object({
    type: z.literal('bench.repetition-measured'),
    runId: z.string(),
    cellId: z.string(),
    repetition: repetitionSchema,
  }),
  z.object({ type: z.literal('bench.cell-finished'), runId: z.string(), cell: cellSchema }),
  z.object({ type: z.literal('bench.ticked'), runId: z.string(), tick: benchTickSchema }),
  z.object({ type: z.literal('bench.noted'), runId: z.string(), text: z.string() }),
  z.object({ type: z.literal('bench.ended'), runId: z.string() }),
  /** A judgement is there, or has more than before; ask for it again. */
  z.object({ type: z.literal('quality.judged'), resultId: z.string() }),
  /** A sweep or one of its candidates is not what it was; ask for it again. */
  z.object({ type: z.literal('sweep.changed'), sweepId: z.string() }),
  z.object({ type: z.literal('load.started'), loadId: z.string() }),
  z.object({ type: z.literal('load.stage-changed'), loadId: z.string(), stage: loadStageSchema }),
  z.object({ type: z.literal('load.ticked'), loadId: z.string(), tick: loadTickSchema }),
  z.object({ type: z.literal('load.noted'), loadId: z.string(), text: z.string() }),
  z.object({ type: z.literal('load.ended'), loadId: z.string() }),
  z.object({ type: z.literal('server.changed'), status: serverStatusSchema }),
  z.object({ type: z.literal('server.request-changed'), request: serverRequestSchema }),
  /** A share of a budget is used up; once in each window, of all processes. */
  z.object({
    type: z.literal('budget.reached'),
    budget: budgetSchema,
    percent: z.number().int(),
    windowEndMs: z.number(),
  }),
]);
export type EventBody = z.infer<typeof eventBodySchema>;

/** `seq` rises by one or more per event and is never used twice, also over restarts: a watcher resumes with it. */
export const appEventSchema = z.object({ seq: z.number().int(), atMs: z.number(), body: eventBodySchema });
export type AppEvent = z.infer<typeof appEventSchema>;
