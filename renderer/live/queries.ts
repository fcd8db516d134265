import type { EngineSettings } from '../../shared/contract/models.ts';
import type { StatementInput } from '../../shared/contract/prices.ts';
import type { UsageGroup } from '../../shared/contract/usage.ts';
import type { SynthInput } from '../../shared/contract/synth.ts';
import type { Client } from '../transport/client.ts';
import { createQuery, type Query } from './query.ts';

/** A kind of question: equal words are the same question and share one answer. */
type Family<A extends readonly unknown[], T> = (...words: A) => Query<T>;

/** Every question the screens ask. */
export const createQueries = (client: Client) => {
  const all: Query<unknown>[] = [];

  const family = <A extends readonly unknown[], T>(
    name: string,
    load: (signal: AbortSignal, ...words: A) => Promise<T>,
  ): Family<A, T> => {
    const known = new Map<string, Query<T>>();
    return (...words) => {
      const key = words.length === 0 ? name : `${name} ${JSON.stringify(words)}`;
      const query = known.get(key) ?? createQuery(key, (signal) => load(signal, ...words));
      if (!known.has(key)) {
        known.set(key, query);
        all.push(query);
      }
      return query;
    };
  };

  return {
    info: family('app.info', (signal) => client.app.info({}, { signal })),
    settings: family('app.settings', (signal) => client.app.settings({}, { signal })),
    engines: family('engines.list', (signal) => client.engines.list({}, { signal })),
    engineSteps: family('engines.steps', (signal, replicaId: string) =>
      client.engines.steps({ replicaId }, { signal }),
    ),
    recording: family('recording.status', (signal) => client.recording.status({}, { signal })),
    recorded: family('recording.one', (signal, requestId: string) =>
      client.recording.get({ requestId }, { signal }),
    ),
    keys: family('access.keys', (signal) => client.keys.list({}, { signal })),
    tenants: family('access.tenants', (signal) => client.tenants.list({}, { signal })),
    projects: family('access.projects', (signal) => client.tenants.projects({}, { signal })),
    serverLimits: family('access.server-limits', (signal) => client.tenants.serverLimits({}, { signal })),
    limitUse: family('access.limit-use', (signal) => client.tenants.limitUse({}, { signal })),
    networkChoices: family('access.network', (signal) => client.server.networkChoices({}, { signal })),
    audit: family('access.audit', (signal) => client.audit.list({ limit: 10_000 }, { signal })),
    auditCheck: family('access.audit-check', (signal) => client.audit.verify({}, { signal })),
    usage: family('usage.sum', (signal, by: UsageGroup, fromMs: number) =>
      client.usage.sum({ by, fromMs }, { signal }),
    ),
    prices: family('prices.list', (signal) => client.prices.list({}, { signal })),
    statement: family('prices.statement', (signal, input: StatementInput) =>
      client.prices.statement(input, { signal }),
    ),
    localCost: family('costs.local', (signal) => client.costs.local({}, { signal })),
    costReport: family('costs.report', (signal, fromMs: number) =>
      client.costs.report({ fromMs }, { signal }),
    ),
    alerts: family('alerts.state', (signal) => client.alerts.state({}, { signal })),
    budgets: family('budgets.list', (signal) => client.budgets.list({}, { signal })),
    inventory: family('hardware.inventory', (signal) => client.hardware.inventory({}, { signal })),
    doctor: family('hardware.doctor', (signal) => client.hardware.doctor({}, { signal })),
    modelDetails: family('models.details', (signal, model: string) =>
      client.models.inspect({ model }, { signal }),
    ),
    modelFit: family('models.fit', (signal, model: string, settings: Partial<EngineSettings>) =>
      client.models.fit({ model, settings }, { signal }),
    ),
    quantTypes: family('quant-types', (signal) => client.models.quantTypes({}, { signal })),
    synthShapes: family('synth.shapes', (signal) => client.synth.shapes({}, { signal })),
    synthPlan: family('synth.plan', (signal, input: SynthInput) => client.synth.plan(input, { signal })),
    presets: family('bench.presets', (signal) => client.bench.presets({}, { signal })),
    runs: family('bench.list', (signal) => client.bench.list({}, { signal })),
    run: family('bench.run', (signal, runId: string) => client.bench.get({ runId }, { signal })),
    samples: family('bench.samples', (signal, runId: string) => client.bench.samples({ runId }, { signal })),
    runSoFar: family('bench.so-far', (signal, runId: string) => client.bench.soFar({ runId }, { signal })),
    llamaBenchTable: family('bench.llama-bench', (signal, runId: string) =>
      client.bench.llamaBenchTable({ runId }, { signal }),
    ),
    comparison: family('bench.compare', (signal, runIds: readonly string[], baseModelId: string | null) =>
      client.bench.compare(
        { runIds: [...runIds], ...(baseModelId === null ? {} : { baseModelId }) },
        { signal },
      ),
    ),
    quality: family('quality.list', (signal) => client.quality.list({}, { signal })),
    loadShapes: family('load-shapes', (signal) => client.load.shapes({}, { signal })),
    loads: family('load.list', (signal) => client.load.list({}, { signal })),
    load: family('load.one', (signal, loadId: string) => client.load.get({ loadId }, { signal })),
    sweeps: family('sweeps.list', (signal) => client.sweeps.list({}, { signal })),
    sweep: family('sweeps.one', (signal, sweepId: string) => client.sweeps.get({ sweepId }, { signal })),
    diff: family('bench.diff', (signal, a: string, b: string) =>
      client.reports.diff({ a: { type: 'run', runId: a }, b: { type: 'run', runId: b } }, { signal }),
    ),
    imported: family('bench.imported', (signal, runId: string) =>
      client.reports.imported({ runId }, { signal }),
    ),
    noiseFloor: family('bench.noise-floor', (signal) => client.bench.noiseFloor({}, { signal })),
    /** The answers whose key begins with `prefix` may be old. */
    invalidate: (prefix: string): void => {
      for (const query of all) if (query.key.startsWith(prefix)) query.invalidate();
    },
  };
};

export type Queries = ReturnType<typeof createQueries>;
