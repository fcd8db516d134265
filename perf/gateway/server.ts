import { createGateway, createRouteTable, createSingleKey } from '../../electron/gateway/index.ts';
import { createNodeClock } from '../../electron/platform/node/clock.ts';
import { createNodeRandom } from '../../electron/platform/node/random.ts';
import { openBareServer } from './bare-server.ts';
import { createPace, createPacedReplica } from './paced-replica.ts';

/** Child of perf/gateway.ts: both servers in one process, so that they meet the same machine; tells its memory on request. */
const clock = createNodeClock();
const random = createNodeRandom();
const stepMs = Number(process.argv[2]);
const replica = createPacedReplica(clock, createPace(clock, stepMs));
const { secret, ring } = createSingleKey('perf', { random, clock });
const silent = () => undefined;
let changes = 0;

const barePort = await openBareServer(replica);
const residentBefore = process.memoryUsage().rss;
const gateway = createGateway({
  clock,
  random,
  log: { debug: silent, info: silent, warn: silent, error: silent },
  version: 'perf',
  routes: createRouteTable([
    {
      info: { id: 'paced', name: 'paced', quantization: '', contextLength: 4096, createdMs: 0 },
      replicas: [replica],
    },
  ]),
  keys: ring,
  queueLimit: 1024,
  onRequestChange: () => (changes += 1),
});
const { port } = await gateway.listen({ port: 0 });

/** Wall time of `count` calls of the engine without HTTP, milliseconds each. */
const callDirectly = async (count: number): Promise<readonly number[]> => {
  const took: number[] = [];
  for (let call = 0; call < count; call += 1) {
    const beganMs = clock.monotonicMs();
    const events = replica.generate(
      {
        id: 'direct',
        prompt: { type: 'text', text: '' },
        sampling: {
          temperature: 0,
          topK: 0,
          topP: 1,
          minP: 0,
          repeatPenalty: 1,
          repeatLastN: 0,
          frequencyPenalty: 0,
          presencePenalty: 0,
          seed: 0,
          logitBias: {},
        },
        maxTokens: 1,
        stop: [],
      },
      new AbortController().signal,
    );
    for await (const event of events) if (event.type === 'finished') took.push(clock.monotonicMs() - beganMs);
  }
  return took;
};

process.on('message', (message) => {
  if (message === 'memory') {
    process.send?.({ type: 'memory', residentBytes: process.memoryUsage().rss, residentBefore, changes });
  } else if (message === 'direct') {
    void callDirectly(500).then((took) => process.send?.({ type: 'direct', took }));
  }
});
process.send?.({ type: 'ready', port, barePort, key: secret });
