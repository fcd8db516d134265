import { expect, it } from 'vitest';
import type { GenerateEvent } from '../../../electron/engine/engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { eventually } from '../../support/eventually.ts';
import { isIdle, openGateway, type OpenGateway } from '../../support/open-gateway.ts';
import { openRaw } from '../../support/raw-http.ts';
import { createScriptedReplica } from '../../support/scripted-replica.ts';

const stream = { messages: [{ role: 'user', content: 'Hi' }], stream: true };

/** Says 1 KiB again and again, as fast as it is asked, and counts. */
const createFlood = (limit: number) => {
  const flood = { said: 0, isDone: false };
  const usage = { promptTokens: 1, cachedTokens: 0, outputTokens: limit, reasoningTokens: 0 };
  const text = 'x'.repeat(1024);
  return {
    flood,
    script: async function* (_request: unknown, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
      yield { type: 'started', promptTokens: 1, cachedTokens: 0, queueMs: 0 };
      try {
        for (; flood.said < limit && !signal.aborted; flood.said += 1) {
          yield { type: 'delta', channel: 'content', text, tokens: 1 };
          if (flood.said % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        flood.isDone = true;
      }
      const reason = signal.aborted ? 'aborted' : 'length';
      yield { type: 'finished', reason, usage, timings: { queueMs: 0, prefillMs: 1, decodeMs: 1 } };
    },
  };
};

/** Opens a stream and reads nothing of it. */
const openUnreadStream = async (server: OpenGateway) => {
  const connection = await openRaw(server.port);
  connection.socket.pause();
  const body = JSON.stringify(stream);
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    `Host: 127.0.0.1:${server.port}`,
    `Authorization: Bearer ${server.apiKey}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  connection.send(`${head.join('\r\n')}\r\n\r\n${body}`);
  return connection;
};

/** Resolves when `count()` has stood still over many turns of the event loop. */
const standsStill = async (count: () => number): Promise<number> => {
  let last = -1;
  for (let turns = 0; turns < 2000; turns += 1) {
    if (count() !== last) turns = 0;
    last = count();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return last;
};

it('stops pulling from the engine while a client does not read, and goes on when it does', async () => {
  const total = 32_768;
  const { flood, script } = createFlood(total);
  await using server = await openGateway(createScriptedReplica({ script }));
  using connection = await openUnreadStream(server);
  await eventually(() => flood.said > 1024);
  const said = await standsStill(() => flood.said);
  expect(said).toBeLessThan(total / 2); // 1 MiB here, and what the two sockets hold
  connection.socket.resume();
  const text = await connection.until('data: [DONE]');
  expect(flood.said).toBe(total);
  expect(text.split('x'.repeat(1024)).length - 1).toBeGreaterThan(total - 64); // some straddle two HTTP chunks
});

it('drops a client that reads nothing for 30 s, and gives back what it held', async () => {
  const clock = createFakeClock();
  const { flood, script } = createFlood(1_000_000);
  await using server = await openGateway(createScriptedReplica({ script }), { clock });
  using connection = await openUnreadStream(server);
  await eventually(() => flood.said > 1024);
  await standsStill(() => flood.said);
  await clock.advance(29_000);
  expect(server.gateway.snapshot().running).toBe(1);
  await clock.advance(3000);
  await eventually(() => isIdle(server) && flood.isDone);
  connection.socket.resume();
  await connection.ended();
  expect(server.changes.at(-1)).toMatchObject({ phase: 'cancelled' });
});
