import { createGateway, createRouteTable, createSingleKey } from '../../electron/gateway/index.ts';
import { engineSettingsSchema } from '../../shared/contract/models.ts';
import { openPool } from './dyno-ports.ts';

/** A process of its own that serves one model through the gateway, as `dyno serve` does; the client must not share its loop. */
const [model = '', threads = '1', slots = '8', contextSize = '1024', useMmap = 'false'] =
  process.argv.slice(2);
const { pool, ports } = openPool();
const settings = engineSettingsSchema.parse({
  threads: Number(threads),
  slots: Number(slots),
  contextSize: Number(contextSize),
  useMmap: useMmap === 'true',
  gpuLayers: 0,
});
const replica = await pool.acquire(
  { modelId: 'perf', path: model, settings, isExclusive: true },
  { signal: new AbortController().signal },
);
const { secret, ring } = createSingleKey('perf', ports);
const info = { id: 'perf', name: 'perf', quantization: '', contextLength: null, createdMs: 0 };
const gateway = createGateway({
  ...ports,
  version: 'perf',
  routes: createRouteTable([{ info, replicas: [replica] }]),
  keys: ring,
  queueLimit: 64,
  onRequestChange: () => undefined,
});
const { url } = await gateway.listen({ port: 0 });
process.send?.({ url, apiKey: secret, enginePid: replica.snapshot().pid });
