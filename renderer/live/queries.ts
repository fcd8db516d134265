import type { ReportFormat } from '../../shared/contract/bench.ts';
import type { EngineSettings } from '../../shared/contract/models.ts';
import type { Client } from '../transport/client.ts';
import type { Query } from './query-cache.ts';

const ask = <T>(key: string, load: (signal: AbortSignal) => Promise<T>): Query<T> => ({ key, load });

/** Every question the screens ask, under one key each. Keys begin with their feature, for `invalidate`. */
export const queriesOf = (client: Client) => ({
  info: () => ask('app.info', (signal) => client.app.info({}, { signal })),
  settings: () => ask('app.settings', (signal) => client.app.settings({}, { signal })),
  inventory: () => ask('hardware.inventory', (signal) => client.hardware.inventory({}, { signal })),
  doctor: () => ask('hardware.doctor', (signal) => client.hardware.doctor({}, { signal })),
  modelDetails: (model: string) =>
    ask(`models.details ${model}`, (signal) => client.models.inspect({ model }, { signal })),
  modelFit: (model: string, settings: Partial<EngineSettings>) =>
    ask(`models.fit ${model} ${JSON.stringify(settings)}`, (signal) =>
      client.models.fit({ model, settings }, { signal }),
    ),
  quantTypes: () => ask('quant-types', (signal) => client.models.quantTypes({}, { signal })),
  presets: () => ask('bench.presets', (signal) => client.bench.presets({}, { signal })),
  runs: () => ask('bench.list', (signal) => client.bench.list({}, { signal })),
  run: (runId: string) => ask(`bench.run ${runId}`, (signal) => client.bench.get({ runId }, { signal })),
  samples: (runId: string) =>
    ask(`bench.samples ${runId}`, (signal) => client.bench.samples({ runId }, { signal })),
  timeline: (runId: string) =>
    ask(`bench.timeline ${runId}`, (signal) => client.bench.timeline({ runId }, { signal })),
  comparison: (runIds: readonly string[], baseModelId: string | null) =>
    ask(`bench.compare ${runIds.join()} ${baseModelId ?? ''}`, (signal) =>
      client.bench.compare(
        { runIds: [...runIds], ...(baseModelId === null ? {} : { baseModelId }) },
        { signal },
      ),
    ),
});

export const reportFormats: readonly { readonly format: ReportFormat; readonly title: string }[] = [
  { format: 'html', title: 'HTML' },
  { format: 'markdown', title: 'Markdown' },
  { format: 'csv', title: 'CSV' },
  { format: 'json', title: 'JSON' },
];
