import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRouterClient } from '@orpc/server';
import { hostActor } from '../../electron/app/access/actor.ts';
import { createApp } from '../../electron/app/create-app.ts';
import { keepMemoryLean } from '../../electron/cli/lean-memory.ts';
import { createEnginePool, type GenerateRequest } from '../../electron/engine/index.ts';
import { createNodePorts } from '../../electron/platform/node/create-ports.ts';
import { isProcessAlive } from '../../electron/platform/node/is-process-alive.ts';
import { sourceEntries } from '../../electron/platform/node/worker-entries.ts';
import { engineSettingsSchema } from '../../shared/contract/models.ts';
import { bareRequest, openBareServer } from './bare-server.ts';

/**
 * Child of perf/gateway.ts: the whole host of Dyno with its server on, as `dyno serve` opens it, and a bare server, in
 * one process, so that they meet the same machine. Each has a paced engine of its own behind the real pipe.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const data = mkdtempSync(join(tmpdir(), 'dyno-perf-'));
process.once('exit', () => rmSync(data, { recursive: true, force: true }));
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0)); // the bench failed: nobody will ask any more

const resources = join(root, 'resources');
const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const ports = createNodePorts({
  resources,
  log,
  folders: { data, models: join(data, 'models'), resources },
  entryOf: (kind) =>
    kind === 'engine'
      ? fileURLToPath(new URL('paced-engine.ts', import.meta.url))
      : sourceEntries(root)(kind),
});
keepMemoryLean(); // as `dyno serve` does
const slots = 256;
const model = join(resources, 'model', 'dyno-demo-4m-f16.gguf');

const facts = new Map<string, unknown>();
const factStore = {
  get: (name: string) => facts.get(name),
  set: (name: string, value: unknown) => void facts.set(name, value),
  remove: (name: string) => void facts.delete(name),
  list: () => [],
};
const pool = createEnginePool({
  ...ports,
  facts: factStore,
  validate: () => Promise.resolve(),
});
const { signal } = new AbortController();
const replica = await pool.acquire(
  {
    modelId: 'paced',
    path: model,
    settings: engineSettingsSchema.parse({ slots, contextSize: 4096 }),
    isExclusive: false,
  },
  { signal },
);
const barePort = await openBareServer(replica);
const residentBefore = process.memoryUsage().rss;

const app = await createApp(ports, { mode: 'cli', pid: process.pid, isAlive: isProcessAlive });
const client = createRouterClient(app.router, { context: { actor: hostActor } });
const { seq: firstSeq } = await client.app.lastSeq();
// Limits far above what is sent: every one is looked at, charged and given back.
const plenty = {
  requestsPerMinute: 1_000_000_000,
  tokensPerMinute: 1_000_000_000,
  concurrency: 1_000_000,
};
const { secret } = await client.keys.create({ name: 'perf', limits: plenty });
await client.tenants.update({ id: 'default', limits: plenty });
await client.tenants.setServerLimits(plenty);
const status = await client.server.start({
  port: 0,
  queueLimit: 1024,
  settings: { slots, contextSize: 4096 },
});
if (status.type !== 'on') throw new TypeError(`the server is ${status.type}`);

/** Wall time of `count` calls of the engine without HTTP, milliseconds each. */
const callDirectly = async (count: number): Promise<readonly number[]> => {
  const took: number[] = [];
  for (let call = 0; call < count; call += 1) {
    const request: GenerateRequest = bareRequest(`direct-${call}`, 1);
    const beganMs = ports.clock.monotonicMs();
    for await (const event of replica.generate(request, signal)) {
      if (event.type === 'finished') took.push(ports.clock.monotonicMs() - beganMs);
    }
  }
  return took;
};

const accounts = async () => {
  const rows = await client.usage.sum({ by: 'key' });
  return {
    requests: rows.reduce((sum, { requests }) => sum + requests, 0),
    errors: rows.reduce((sum, { errors }) => sum + errors, 0),
    events: (await client.app.lastSeq()).seq - firstSeq,
  };
};

process.on('message', (message) => {
  const reply = (value: object): void => void process.send?.(value);
  if (message === 'memory') {
    const residentBytes = process.memoryUsage().rss;
    void accounts().then((told) => reply({ residentBytes, residentBefore, ...told }));
  } else if (message === 'direct') void callDirectly(500).then((took) => reply({ took }));
});
process.send?.({ port: status.port, barePort, key: secret, slots: status.slots });
