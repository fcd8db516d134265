import { expect, it } from 'vitest';
import type { GenerateEvent, GenerateRequest } from '../../../electron/engine/engine.ts';
import { eventually } from '../../support/eventually.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica } from '../../support/scripted-replica.ts';
import { tenantLimits } from '../../support/tenant-limits.ts';

const CLIENTS = 30;
const ended = new Set(['done', 'failed', 'cancelled']);

it.each([
  ['places of concurrency', { concurrency: 2, queueLimit: 64, slots: 4 }],
  ['a full queue', { concurrency: null, queueLimit: 4, slots: 2 }],
  ['one and then the other', { concurrency: 8, queueLimit: 2, slots: 2 }],
])(
  'lets in each of 30 clients at once that waits as told, over HTTP, where %s refused it',
  async (_, house) => {
    const clock = createFakeClock();
    let running = 0;
    let mostRunning = 0;
    async function* script({ prompt }: GenerateRequest): AsyncGenerator<GenerateEvent> {
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      yield { type: 'started', promptTokens: 4, cachedTokens: 0, queueMs: 0 };
      // every fifth takes eight times as long
      await clock.sleep(prompt.type === 'text' && Number(prompt.text) % 5 === 0 ? 8000 : 1000);
      running -= 1;
      yield { type: 'delta', channel: 'content', text: 'x', tokens: 1 };
      yield {
        type: 'finished',
        reason: 'stop',
        usage: { promptTokens: 4, cachedTokens: 0, outputTokens: 1, reasoningTokens: 0 },
        timings: { queueMs: 0, prefillMs: 1, decodeMs: 1 },
      };
    }
    const limits = tenantLimits({ concurrency: house.concurrency });
    const replica = createScriptedReplica({ facts: { slots: house.slots }, script });
    await using server = await openGateway(replica, { clock, limits, queueLimit: house.queueLimit });

    let inFlight = 0;
    const ask = async (client: number): Promise<Response> => {
      inFlight += 1;
      try {
        return await server.fetch('/v1/completions', { prompt: String(client), max_tokens: 4 });
      } finally {
        inFlight -= 1;
      }
    };
    const waits: number[] = [];
    const act = async (client: number): Promise<number> => {
      const { status, headers } = await ask(client);
      if (status === 200) return status;
      waits.push(Number(headers.get('retry-after')));
      await clock.sleep(Number(headers.get('retry-after')) * 1000);
      return (await ask(client)).status;
    };
    const statuses: number[] = [];
    for (let client = 0; client < CLIENTS; client += 1)
      void act(client).then((status) => statuses.push(status));
    // time stands still while a request or a reply is on its way
    const isQuiet = (): boolean =>
      server.gateway.snapshot().requests.filter(({ phase }) => !ended.has(phase)).length === inFlight;
    while (statuses.length < CLIENTS) {
      await eventually(isQuiet);
      await clock.advance(100);
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(waits.length).toBeGreaterThanOrEqual(CLIENTS - house.slots - house.queueLimit);
    expect(Math.min(...waits)).toBeGreaterThan(0);
    expect(mostRunning).toBeLessThanOrEqual(Math.min(house.slots, house.concurrency ?? Infinity));
  },
);

it('says that it lives while a stream that came back waits for room under a limit', async () => {
  const clock = createFakeClock();
  const replica = createScriptedReplica({ facts: { slots: 4 } });
  await using server = await openGateway(replica, { clock, limits: tenantLimits({ concurrency: 1 }) });
  const first = server.fetch('/v1/completions', { prompt: 'a', max_tokens: 4 });
  const running = await replica.next();
  const ask = () => server.fetch('/v1/completions', { prompt: 'b', max_tokens: 4, stream: true });
  const refused = await ask();
  expect(refused.status).toBe(429);
  await clock.advance(Number(refused.headers.get('retry-after')) * 1000);
  const asked = ask();
  await eventually(() => server.changes.some(({ degraded }) => degraded.includes('queue')));
  await clock.advance(6000);
  // the status line goes out with the first heartbeat, long before there is room
  const { status, headers, body } = await asked;
  expect([status, headers.get('x-dyno-degraded')]).toEqual([200, 'queue']);
  running.start(1);
  running.finish();
  await first;
  const waited = await replica.next();
  waited.start(1);
  waited.say('x');
  waited.finish();
  const text = await new Response(body).text();
  expect(text.startsWith(':')).toBe(true);
  expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
});
