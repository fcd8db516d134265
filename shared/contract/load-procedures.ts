import { z } from 'zod';
import { base, none } from './base.ts';
import {
  loadResumeInputSchema,
  loadRunSchema,
  loadSampleSchema,
  loadShapeSchema,
  loadStartInputSchema,
  loadTickSchema,
} from './load.ts';
import { loadReportInputSchema } from './load-report.ts';
import { reportFileSchema } from './report.ts';

const oneRun = z.object({ loadId: z.string() });
const started = z.object({ loadId: z.string(), jobId: z.string() });

/** Load runs: any shape against Dyno's own server or against any other. */
export const loadProcedures = {
  shapes: base.route({ method: 'GET', path: '/load/shapes' }).input(none).output(z.array(loadShapeSchema)),
  start: base.route({ method: 'POST', path: '/load/runs' }).input(loadStartInputSchema).output(started),
  resume: base
    .route({ method: 'POST', path: '/load/runs/{loadId}/resume' })
    .input(loadResumeInputSchema)
    .output(started),
  list: base.route({ method: 'GET', path: '/load/runs' }).input(none).output(z.array(loadRunSchema)),
  get: base.route({ method: 'GET', path: '/load/runs/{loadId}' }).input(oneRun).output(loadRunSchema),
  samples: base
    .route({ method: 'GET', path: '/load/runs/{loadId}/samples' })
    .input(oneRun.extend({ stage: z.coerce.number<number>().int().optional() }))
    .output(z.array(loadSampleSchema.extend({ stage: z.number().int() }))),
  ticks: base
    .route({ method: 'GET', path: '/load/runs/{loadId}/ticks' })
    .input(oneRun)
    .output(z.array(loadTickSchema)),
  /** The run with its ticks and the number of the last event behind them, so that a watcher goes on without a gap. */
  soFar: base
    .route({ method: 'GET', path: '/load/runs/{loadId}/so-far' })
    .input(oneRun)
    .output(z.object({ seq: z.number().int(), run: loadRunSchema, ticks: z.array(loadTickSchema) })),
  /** A report of one load run in any format. */
  report: base
    .route({ method: 'POST', path: '/load/runs/{loadId}/report' })
    .input(loadReportInputSchema)
    .output(reportFileSchema),
  remove: base.route({ method: 'POST', path: '/load/runs/{loadId}/remove' }).input(oneRun).output(none),
};
