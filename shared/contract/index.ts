import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { appEventSchema } from '../events/events.ts';
import { base, none } from './base.ts';
import { timelinePointSchema } from './bench-tick.ts';
import { benchRunSchema, benchStartInputSchema, runSummarySchema } from './bench.ts';
import { presetSchema } from './preset.ts';
import { runSoFarSchema } from './bench-live.ts';
import { jobSchema, queryFlagSchema } from './common.ts';
import { compatProcedures } from './compat.ts';
import { recordingProcedures } from './recording.ts';
import { markedSampleSchema } from './marked-sample.ts';
import { calibrateInputSchema, noiseFloorsSchema } from './noise-floor.ts';
import { imatrixInputSchema } from './imatrix.ts';
import { engineStepSchema, stepsInputSchema } from './engine-steps.ts';
import { replicaSchema } from './engine.ts';
import { forecastInputSchema, speedForecastSchema } from './forecast.ts';
import { doctorCheckSchema, inventorySchema, telemetrySampleSchema } from './hardware.ts';
import { auditProcedures, keyProcedures, tenantProcedures } from './key-procedures.ts';
import { loadProcedures } from './load-procedures.ts';
import { fullComparisonSchema, importedRunSchema } from './imports.ts';
import { memoryHistorySchema } from './memory.ts';
import { certificateFileSchema, networkChoicesSchema, networkInputSchema } from './network.ts';
import {
  engineSettingsPatchSchema,
  memoryFitSchema,
  modelDetailsSchema,
  modelSchema,
  pullInputSchema,
  quantizeInputSchema,
  quantTypeSchema,
} from './models.ts';
import { packInfoSchema, packInputSchema, qualityInputSchema, qualityResultSchema } from './quality.ts';
import {
  diffSideSchema,
  importInputSchema,
  reportDiffSchema,
  reportFileSchema,
  reportInputSchema,
  sourceFileSchema,
  verificationSchema,
} from './report.ts';
import {
  playgroundEventSchema,
  playgroundInputSchema,
  serverRequestSchema,
  serverStartInputSchema,
  serverStatusSchema,
} from './server.ts';
import { sweepInputSchema, sweepSchema } from './sweep.ts';
import { synthInputSchema, synthPlanSchema, synthShapeSchema } from './synth.ts';
import { uploadInputSchema, uploadSchema } from './uploads.ts';
import { costProcedures } from './local-cost.ts';
import { alertProcedures } from './alerts.ts';
import { budgetProcedures } from './budgets.ts';
import { priceProcedures } from './prices.ts';
import { usageProcedures } from './usage.ts';
import { appInfoSchema, settingsPatchSchema, settingsSchema } from './settings.ts';

const get = (path: `/${string}`) => base.route({ method: 'GET', path });
const post = (path: `/${string}`) => base.route({ method: 'POST', path });

/**
 * All that the window, the browser and the command may ask of the host. One implementation in `electron/app/handlers`
 * serves it over MessagePort, WebSocket, memory and REST (`/api`, OpenAPI document at `/api/openapi.json`).
 */
export const contract = {
  app: {
    info: get('/app').input(none).output(appInfoSchema),
    settings: get('/app/settings').input(none).output(settingsSchema),
    updateSettings: post('/app/settings').input(settingsPatchSchema).output(settingsSchema),
    /** Takes a text file from a browser, which cannot tell its path. */
    keepFile: post('/app/files').input(uploadInputSchema).output(uploadSchema),
    /** Number of the newest event: take it before an action, and `watch` with it misses nothing of the action. */
    lastSeq: get('/app/events/last')
      .input(none)
      .output(z.object({ seq: z.number().int() })),
    /** Stored events after `afterSeq` (default: only new ones), then live ones, in order and without a gap. */
    watch: get('/app/events')
      .input(z.object({ afterSeq: z.coerce.number<number>().int().optional() }).default({}))
      .output(eventIterator(appEventSchema)),
  },
  jobs: {
    list: get('/jobs').input(none).output(z.array(jobSchema)),
    cancel: post('/jobs/{jobId}/cancel')
      .input(z.object({ jobId: z.string() }))
      .output(jobSchema),
    pause: post('/jobs/{jobId}/pause')
      .input(z.object({ jobId: z.string() }))
      .output(jobSchema),
    resume: post('/jobs/{jobId}/resume')
      .input(z.object({ jobId: z.string() }))
      .output(jobSchema),
  },
  hardware: {
    inventory: get('/hardware')
      .input(z.object({ refresh: queryFlagSchema.default(false) }).default({ refresh: false }))
      .output(inventorySchema),
    telemetry: get('/hardware/telemetry').input(none).output(eventIterator(telemetrySampleSchema)),
    doctor: get('/hardware/doctor').input(none).output(z.array(doctorCheckSchema)),
  },
  models: {
    list: get('/models').input(none).output(z.array(modelSchema)),
    /** Looks through all folders again. */
    scan: post('/models/scan').input(none).output(z.array(modelSchema)),
    inspect: get('/models/{model}')
      .input(z.object({ model: z.string() }))
      .output(modelDetailsSchema),
    fit: post('/models/fit')
      .input(z.object({ model: z.string(), settings: engineSettingsPatchSchema.default({}) }))
      .output(memoryFitSchema),
    /** Expected against measured memory of this machine's loads. */
    memoryHistory: get('/models/memory-history').input(none).output(memoryHistorySchema),
    quantTypes: get('/models/quant-types').input(none).output(z.array(quantTypeSchema)),
    quantize: post('/models/quantize').input(quantizeInputSchema).output(jobSchema),
    /** Collects an importance matrix; the job's result is the path of the file. */
    imatrix: post('/models/imatrix').input(imatrixInputSchema).output(jobSchema),
    pull: post('/models/pull').input(pullInputSchema).output(jobSchema),
    /** Registers a file in place, or copies it into the models folder. */
    import: post('/models/import')
      .input(z.object({ path: z.string(), copy: z.boolean().default(false) }))
      .output(modelSchema),
    /** Forgets a model; deletes its files only when asked, and only those Dyno made or downloaded. */
    remove: post('/models/remove')
      .input(z.object({ model: z.string(), deleteFiles: z.boolean().default(false) }))
      .output(z.object({ removed: z.string(), deletedFiles: z.array(z.string()) })),
    hash: post('/models/hash')
      .input(z.object({ model: z.string() }))
      .output(jobSchema),
  },
  synth: {
    shapes: get('/synth/shapes').input(none).output(z.array(synthShapeSchema)),
    /** What would be written, before a byte is; of a remote model only the header is read. */
    plan: post('/synth/plan').input(synthInputSchema).output(synthPlanSchema),
    /** Speed before there is a file: from a header, this machine's memory bandwidth and its kernels. */
    forecast: post('/synth/forecast').input(forecastInputSchema).output(speedForecastSchema),
    /** Writes the file; the job's result is its path. */
    start: post('/synth').input(synthInputSchema).output(jobSchema),
  },
  engines: {
    list: get('/engines').input(none).output(z.array(replicaSchema)),
    /** Its newest steps, oldest first: what each batch of the engine held and took. */
    steps: get('/engines/{replicaId}/steps').input(stepsInputSchema).output(z.array(engineStepSchema)),
    /** Lets a model that was marked bad after three crashes be loaded again. */
    clearMark: post('/engines/clear-mark')
      .input(z.object({ model: z.string() }))
      .output(z.object({ modelId: z.string() })),
    unload: post('/engines/{replicaId}/unload')
      .input(z.object({ replicaId: z.string() }))
      .output(none),
  },
  bench: {
    presets: get('/bench/presets').input(none).output(z.array(presetSchema)),
    start: post('/bench/runs')
      .input(benchStartInputSchema)
      .output(z.object({ runId: z.string(), jobId: z.string() })),
    /** Measures this machine's noise floor: one model against itself. */
    calibrate: post('/bench/calibrate')
      .input(calibrateInputSchema)
      .output(z.object({ runId: z.string(), jobId: z.string() })),
    noiseFloor: get('/bench/noise-floor').input(none).output(noiseFloorsSchema),
    resume: post('/bench/runs/{runId}/resume')
      .input(z.object({ runId: z.string() }))
      .output(z.object({ runId: z.string(), jobId: z.string() })),
    list: get('/bench/runs').input(none).output(z.array(runSummarySchema)),
    get: get('/bench/runs/{runId}')
      .input(z.object({ runId: z.string() }))
      .output(benchRunSchema),
    samples: get('/bench/runs/{runId}/samples')
      .input(z.object({ runId: z.string(), cellId: z.string().optional() }))
      .output(z.array(markedSampleSchema)),
    /** For a page that follows a run: everything up to one event. */
    soFar: get('/bench/runs/{runId}/so-far')
      .input(z.object({ runId: z.string() }))
      .output(runSoFarSchema),
    timeline: get('/bench/runs/{runId}/timeline')
      .input(z.object({ runId: z.string() }))
      .output(z.array(timelinePointSchema)),
    compare: post('/bench/compare')
      .input(z.object({ runIds: z.array(z.string()).min(1), baseModelId: z.string().optional() }))
      .output(fullComparisonSchema),
    /** The engine results as the Markdown table llama-bench prints (mean ± standard deviation); empty where there are none. */
    llamaBenchTable: get('/bench/runs/{runId}/llama-bench')
      .input(z.object({ runId: z.string() }))
      .output(z.object({ text: z.string() })),
    remove: post('/bench/runs/{runId}/remove')
      .input(z.object({ runId: z.string() }))
      .output(none),
  },
  sweeps: {
    start: post('/sweeps')
      .input(sweepInputSchema)
      .output(z.object({ sweepId: z.string(), jobId: z.string() })),
    /** Goes on from the last repetition of a sweep that was stopped. */
    resume: post('/sweeps/{sweepId}/resume')
      .input(z.object({ sweepId: z.string() }))
      .output(z.object({ sweepId: z.string(), jobId: z.string() })),
    list: get('/sweeps').input(none).output(z.array(sweepSchema)),
    get: get('/sweeps/{sweepId}')
      .input(z.object({ sweepId: z.string() }))
      .output(sweepSchema),
    remove: post('/sweeps/{sweepId}/remove')
      .input(z.object({ sweepId: z.string() }))
      .output(none),
  },
  quality: {
    /** The job's result: the ids of the results, separated by commas, in the order of the candidates. */
    start: post('/quality').input(qualityInputSchema).output(jobSchema),
    list: get('/quality').input(none).output(z.array(qualityResultSchema)),
    get: get('/quality/{id}')
      .input(z.object({ id: z.string() }))
      .output(qualityResultSchema),
    remove: post('/quality/{id}/remove')
      .input(z.object({ id: z.string() }))
      .output(none),
    /** Writes a reference pack; the job's result is its path. */
    pack: post('/quality/packs').input(packInputSchema).output(jobSchema),
    readPack: post('/quality/packs/read')
      .input(z.object({ path: z.string() }))
      .output(packInfoSchema),
  },
  compat: compatProcedures,
  load: loadProcedures,
  reports: {
    /** A report of one or more runs in any format. */
    make: post('/reports').input(reportInputSchema).output(reportFileSchema),
    /** Whether a report is as it was written. */
    verify: post('/reports/verify')
      .input(z.object({ file: sourceFileSchema }))
      .output(verificationSchema),
    /** What changed between two runs or reports, causes first. */
    diff: post('/reports/diff')
      .input(z.object({ a: diffSideSchema, b: diffSideSchema }))
      .output(reportDiffSchema),
    /** Takes a result file of another tool into the list of runs. */
    import: post('/reports/import').input(importInputSchema).output(importedRunSchema),
    imported: get('/reports/imported/{runId}')
      .input(z.object({ runId: z.string() }))
      .output(importedRunSchema),
  },
  server: {
    status: get('/server').input(none).output(serverStatusSchema),
    start: post('/server/start').input(serverStartInputSchema).output(serverStatusSchema),
    stop: post('/server/stop').input(none).output(serverStatusSchema),
    networkChoices: get('/server/network').input(none).output(networkChoicesSchema),
    /** Lets other machines reach the server that runs; what it was opened to before is replaced. */
    openNetwork: post('/server/network').input(networkInputSchema).output(serverStatusSchema),
    /** Cuts whoever came over the network. */
    closeNetwork: post('/server/network/close').input(none).output(serverStatusSchema),
    certificate: get('/server/certificate').input(none).output(certificateFileSchema),
    /** The generated key, for the owner of this host only. */
    apiKey: get('/server/api-key')
      .input(none)
      .output(z.object({ apiKey: z.string() })),
    renewApiKey: post('/server/api-key/renew')
      .input(none)
      .output(z.object({ apiKey: z.string() })),
    requests: get('/server/requests').input(none).output(z.array(serverRequestSchema)),
    cancelRequest: post('/server/requests/{requestId}/cancel')
      .input(z.object({ requestId: z.string() }))
      .output(none),
    playground: post('/server/playground')
      .input(playgroundInputSchema)
      .output(eventIterator(playgroundEventSchema)),
  },
  keys: keyProcedures,
  tenants: tenantProcedures,
  audit: auditProcedures,
  usage: usageProcedures,
  prices: priceProcedures,
  costs: costProcedures,
  budgets: budgetProcedures,
  alerts: alertProcedures,
  recording: recordingProcedures,
};

export type Contract = typeof contract;
