import { setTimeout as sleep } from 'node:timers/promises';
import { implement } from '@orpc/server';
import { importedSummaryOf } from '../../../electron/bench/import/imported-summary.ts';
import { withImported } from '../../../electron/bench/import/imported-rows.ts';
import { contract } from '../../../shared/contract/index.ts';
import type { PlaygroundEvent, ServerRequest } from '../../../shared/contract/server.ts';
import { engineSettingsSchema, type Model } from '../../../shared/contract/models.ts';
import { settingsSchema } from '../../../shared/contract/settings.ts';
import { fakePresets, fakeSamples, summaryOf } from './bench.ts';
import { fakeFloor } from './noise-floor.ts';
import { compareRuns } from './comparison.ts';
import { fakeEngines, fakeSteps } from './engine.ts';
import { fakeDoctor, fakeInventory, fakeTelemetry } from './machine.ts';
import { bundledModelId, fakeDetails, fakeFit, fakeModel, fakeQuantTypes } from './models.ts';
import { judgedResults } from './quality.ts';
import { reportHandlers } from './reports.ts';
import type { FakeHost } from './state.ts';
import { finishedSweep } from './sweeps.ts';
import { synthHandlers } from './synth.ts';

const answer =
  'Quantization stores each weight in fewer bits. A Q4_K_M file keeps about 4.8 bits per weight, so it is roughly a third of the F16 file and reads three times less memory per token.';

/** The whole contract over a fake host. Test-only. */
export const createFakeRouter = (host: FakeHost) => {
  const { app, bench, engines, hardware, jobs, models, quality, server, sweeps } = implement(contract);

  const modelOf = (idOrPath: string): Model | undefined =>
    host.models.find((model) => model.id === idOrPath || model.path === idOrPath);
  const runOf = (runId: string) => host.runs.get(runId);
  const putRequest = (request: ServerRequest): void => {
    host.requests = [request, ...host.requests.filter((one) => one.id !== request.id)];
    host.events.publish({ type: 'server.request-changed', request });
  };
  const putServer = (status: FakeHost['server']): FakeHost['server'] => {
    host.server = status;
    host.events.publish({ type: 'server.changed', status });
    return status;
  };

  async function* chat(signal: AbortSignal | undefined): AsyncGenerator<PlaygroundEvent, void, void> {
    const id = `req_${host.requests.length + 1}`;
    const request: ServerRequest = {
      id,
      atMs: Date.now(),
      route: '/v1/chat/completions',
      model: 'dyno-demo-4m-q4_k_m',
      keyName: 'default',
      phase: 'prefill',
      status: null,
      promptTokens: 24,
      cachedTokens: 0,
      outputTokens: 0,
      queueMs: 0.2,
      ttftMs: null,
      tokensPerSecond: null,
      totalMs: null,
      finishReason: null,
      errorCode: null,
      degraded: [],
    };
    putRequest(request);
    yield {
      type: 'text',
      channel: 'reasoning',
      text: 'The user asks about files. I explain in two sentences.',
    };
    const words = answer.split(/(?<= )/);
    for (const [index, text] of words.entries()) {
      await sleep(host.tickMs / 4);
      if (signal?.aborted === true) {
        putRequest({ ...request, phase: 'cancelled', outputTokens: index, totalMs: 80 });
        return;
      }
      yield { type: 'text', channel: 'content', text };
    }
    const figures = { ttftMs: 11.4, tokensPerSecond: 1580, totalMs: 61.3 };
    putRequest({
      ...request,
      ...figures,
      phase: 'done',
      status: 200,
      outputTokens: 58,
      finishReason: 'stop',
    });
    yield {
      type: 'done',
      finishReason: 'stop',
      promptTokens: 24,
      cachedTokens: 0,
      outputTokens: 58,
      ...figures,
    };
  }

  return {
    app: {
      info: app.info.handler(() => ({
        name: 'Dyno' as const,
        version: '0.1.0',
        mode: 'browser' as const,
        node: '24.21.0',
        electron: null,
        platform: 'linux x64',
        dataFolder: '/home/ada/.local/share/dyno',
        modelsFolder: '/home/ada/.local/share/dyno/models',
        startedAtMs: host.startedAtMs,
        bundledModelId,
      })),
      settings: app.settings.handler(() => host.settings),
      updateSettings: app.updateSettings.handler(({ input }) => {
        host.settings = settingsSchema.parse({ ...host.settings, ...input });
        return host.settings;
      }),
      watch: app.watch.handler(({ input, signal }) => host.events.watch(input.afterSeq, signal)),
    },
    jobs: {
      list: jobs.list.handler(() => [...host.jobs.values()]),
      cancel: jobs.cancel.handler(({ input, errors }) => {
        const job = host.jobs.get(input.jobId);
        if (job === undefined) throw errors['app.not-found']({ data: {} });
        host.cancelled.add(job.id);
        return job;
      }),
      pause: jobs.pause.handler(({ errors }) => {
        throw errors['app.not-found']({ data: {} });
      }),
      resume: jobs.resume.handler(({ errors }) => {
        throw errors['app.not-found']({ data: {} });
      }),
    },
    hardware: {
      inventory: hardware.inventory.handler(() => fakeInventory),
      telemetry: hardware.telemetry.handler(async function* ({ signal }) {
        for (let step = 0; signal?.aborted !== true; step += 1) {
          yield fakeTelemetry(step, host.monotonicMs(), Date.now());
          await sleep(host.tickMs * 3);
        }
      }),
      doctor: hardware.doctor.handler(() => [...fakeDoctor]),
    },
    models: {
      list: models.list.handler(() => [...host.models]),
      scan: models.scan.handler(() => [...host.models]),
      inspect: models.inspect.handler(({ input, errors }) => {
        const model = modelOf(input.model);
        if (model === undefined) throw errors['models.not-found']({ data: {} });
        return fakeDetails(model);
      }),
      fit: models.fit.handler(({ input, errors }) => {
        const model = modelOf(input.model);
        if (model === undefined) throw errors['models.not-found']({ data: {} });
        return fakeFit(model, engineSettingsSchema.parse(input.settings));
      }),
      memoryHistory: models.memoryHistory.handler(() => ({
        loads: [],
        medianAbsoluteErrorPercent: null,
        worstAbsoluteErrorPercent: null,
      })),
      quantTypes: models.quantTypes.handler(() => [...fakeQuantTypes]),
      quantize: models.quantize.handler(({ input, errors }) => {
        const model = modelOf(input.model);
        if (model === undefined) throw errors['models.not-found']({ data: {} });
        return host.quantize(model, input.type);
      }),
      imatrix: models.imatrix.handler(({ input, errors }) => {
        throw errors['models.imatrix-failed']({
          message: `The calibration text ${input.text} has 12 tokens; 1024 are needed.`,
          data: {},
        });
      }),
      pull: models.pull.handler(({ input, errors }) => {
        throw errors['models.download-failed']({
          message: `${input.source} answered 503.`,
          data: { hint: 'The server is busy; try again in a minute.' },
        });
      }),
      import: models.import.handler(({ input }) => {
        const id = input.path.replace(/^.*\//, '').replace(/\.gguf$/, '');
        const model = fakeModel({
          id,
          quantization: 'Q4_0',
          sizeBytes: 3e8,
          bitsPerWeight: 4.5,
          source: 'dropped',
        });
        host.models = [...host.models, model];
        host.events.publish({ type: 'model.added', model });
        return model;
      }),
      remove: models.remove.handler(({ input }) => {
        host.models = host.models.filter((model) => model.id !== input.model);
        host.events.publish({ type: 'model.removed', modelId: input.model });
        return { removed: input.model, deletedFiles: [] };
      }),
      hash: models.hash.handler(({ errors }) => {
        throw errors['models.in-use']({ data: {} });
      }),
    },
    engines: {
      list: engines.list.handler(() => fakeEngines(host.server)),
      steps: engines.steps.handler(() => fakeSteps()),
      unload: engines.unload.handler(() => ({})),
      clearMark: engines.clearMark.handler(({ input }) => ({ modelId: input.model })),
    },
    bench: {
      presets: bench.presets.handler(() => [...fakePresets]),
      start: bench.start.handler(({ input }) =>
        host.bench(
          input.name ?? 'Run',
          input.models.flatMap((id) => modelOf(id) ?? []),
          input.preset,
          input.make ?? [],
        ),
      ),
      calibrate: bench.calibrate.handler(() => {
        const models = [bundledModelId].flatMap((id) => modelOf(id) ?? []);
        const started = host.bench('Noise floor', models, 'quick', []);
        const run = host.runs.get(started.runId);
        if (run !== undefined) host.runs.set(run.id, { ...run, spec: { ...run.spec, isCalibration: true } });
        return started;
      }),
      noiseFloor: bench.noiseFloor.handler(() => ({ current: fakeFloor, missing: null })),
      resume: bench.resume.handler(({ errors }) => {
        throw errors['bench.not-resumable']({ data: {} });
      }),
      list: bench.list.handler(() => [
        ...[...host.runs.values()].toSorted((a, b) => b.createdAtMs - a.createdAtMs).map(summaryOf),
        ...host.imports.map(importedSummaryOf),
      ]),
      get: bench.get.handler(({ input, errors }) => {
        const run = runOf(input.runId);
        if (run === undefined)
          throw errors['bench.run-not-found']({ message: `No run ${input.runId}.`, data: {} });
        return run;
      }),
      samples: bench.samples.handler(({ input }) => {
        const run = runOf(input.runId);
        return run === undefined ? [] : [...fakeSamples(run)];
      }),
      soFar: bench.soFar.handler(({ input, errors }) => {
        const run = runOf(input.runId);
        if (run === undefined) throw errors['bench.run-not-found']({ data: {} });
        const timeline = [...(host.timelines.get(input.runId) ?? [])];
        const repetitions = [...(host.repetitions.get(input.runId) ?? [])];
        return { seq: host.events.lastSeq(), run, repetitions, timeline };
      }),
      timeline: bench.timeline.handler(({ input }) => [...(host.timelines.get(input.runId) ?? [])]),
      compare: bench.compare.handler(({ input }) =>
        withImported(
          compareRuns(
            input.runIds.flatMap((id) => runOf(id) ?? []),
            input.baseModelId,
          ),
          host.imports.filter(({ id }) => input.runIds.includes(id)),
        ),
      ),
      llamaBenchTable: bench.llamaBenchTable.handler(() => ({ text: '| model | test | t/s |' })),
      remove: bench.remove.handler(({ input }) => {
        host.runs.delete(input.runId);
        return {};
      }),
    },
    synth: synthHandlers,
    quality: { list: quality.list.handler(() => [...judgedResults]) },
    sweeps: {
      start: sweeps.start.handler(() => ({ sweepId: finishedSweep.id, jobId: 'job_sweep' })),
      resume: sweeps.resume.handler(({ errors }) => {
        throw errors['bench.not-resumable']({ data: {} });
      }),
      list: sweeps.list.handler(() => [finishedSweep]),
      get: sweeps.get.handler(({ input, errors }) => {
        if (input.sweepId === finishedSweep.id) return finishedSweep;
        throw errors['bench.run-not-found']({ message: `No sweep ${input.sweepId}.`, data: {} });
      }),
      remove: sweeps.remove.handler(() => ({})),
    },
    reports: reportHandlers(host),
    server: {
      status: server.status.handler(() => host.server),
      start: server.start.handler(async ({ input, errors }) => {
        const model = modelOf(input.model ?? bundledModelId);
        if (model === undefined) throw errors['models.not-found']({ data: {} });
        for (const fraction of [0.2, 0.7]) {
          putServer({ type: 'starting', modelId: model.id, fraction });
          await sleep(host.tickMs);
        }
        const served = [model, ...input.also.flatMap((id) => modelOf(id) ?? [])].map((each) => ({
          modelId: each.id,
          modelName: each.name,
          quantization: each.quantization,
          replicaId: `rep_${each.id}`,
          slots: 4,
          contextSize: 2048,
          adapters: [],
        }));
        return putServer({
          type: 'on',
          url: 'http://127.0.0.1:7842/v1',
          port: 7842,
          modelId: model.id,
          modelName: model.name,
          quantization: model.quantization,
          replicaId: `rep_${model.id}`,
          models: served,
          network: null,
          sinceMs: Date.now(),
          running: 0,
          queued: 0,
          slots: 4,
          contextSize: 2048,
          totals: { requests: 0, errors: 0, promptTokens: 0, outputTokens: 0 },
        });
      }),
      stop: server.stop.handler(() => putServer({ type: 'off' })),
      apiKey: server.apiKey.handler(() => ({ apiKey: host.apiKey })),
      renewApiKey: server.renewApiKey.handler(() => {
        host.apiKey = `${host.apiKey.slice(0, -4)}beef`;
        return { apiKey: host.apiKey };
      }),
      requests: server.requests.handler(() => [...host.requests]),
      cancelRequest: server.cancelRequest.handler(() => ({})),
      playground: server.playground.handler(({ signal }) => chat(signal)),
    },
  };
};
