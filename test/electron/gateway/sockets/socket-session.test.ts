import { expect, it } from 'vitest';
import { openaiDialect } from '../../../../electron/gateway/openai/dialect.ts';
import { createSocketReply } from '../../../../electron/gateway/sockets/socket-reply.ts';
import { createSocketSession } from '../../../../electron/gateway/sockets/socket-session.ts';
import { createFakeLog } from '../../../support/fake-log.ts';

const route = {
  name: 'chat',
  method: 'POST',
  path: '/v1/chat/completions',
  scope: 'inference',
  dialect: 'openai',
} as const;

const createSocket = (bufferedBytes = 0) => {
  const sent: string[] = [];
  return {
    sent,
    send: (text: string) => void sent.push(text),
    bufferedBytes: () => bufferedBytes,
    sentBytes: () => sent.join('').length,
    drained: () => Promise.resolve(),
    close: () => undefined,
    terminate: () => undefined,
  };
};
const settle = () => new Promise((resolve) => setImmediate(resolve));

const open = () => {
  const socket = createSocket();
  const asked: string[] = [];
  const ends: (() => void)[] = [];
  let ids = 0;
  const session = createSocketSession(route, socket, {
    newId: () => `req_${(ids += 1)}`,
    dialect: openaiDialect,
    log: createFakeLog(),
    answer: (_id, body) => {
      asked.push(new TextDecoder().decode(body));
      const { promise, resolve } = Promise.withResolvers<undefined>();
      ends.push(() => resolve(undefined));
      return promise;
    },
  });
  return { socket, session, asked, endOne: () => ends.shift()?.() };
};

it('answers one message after another, in their order', async () => {
  const { session, asked, endOne } = open();
  for (const user of ['a', 'b', 'c']) session.message(JSON.stringify({ user }));
  await settle();
  expect(asked).toEqual(['{"user":"a","stream":true}']);
  endOne();
  await settle();
  endOne();
  await settle();
  expect(asked.map((body) => body.slice(0, 11))).toEqual(['{"user":"a"', '{"user":"b"', '{"user":"c"']);
});

it('lets 16 messages wait, refuses the next, and forgets those that wait when the client leaves', async () => {
  const { session, socket, asked, endOne } = open();
  for (let each = 0; each < 17; each += 1) session.message('{}');
  expect(socket.sent).toEqual([]);
  session.message('{}');
  expect(socket.sent).toHaveLength(1);
  expect(JSON.parse(socket.sent[0] ?? '')).toMatchObject({
    status: 503,
    error: { code: 'queue_full' },
    headers: { 'retry-after': '1' },
  });
  session.gone();
  endOne();
  await settle();
  expect(asked).toHaveLength(1);
});

it('counts as taken what has left of what was sent', () => {
  const socket = createSocket(30);
  const reply = createSocketReply(socket, 'req_1', () => undefined);
  reply.startStream('text/event-stream');
  reply.write(`data: ${'x'.repeat(100)}\n\n`);
  expect([reply.bufferedBytes(), reply.takenBytes()]).toEqual([30, 70]);
});

it('asks for the headers that tell how things stand when its reply starts, not before', () => {
  const socket = createSocket();
  const reply = createSocketReply(socket, 'req_1', () => undefined);
  let left = 10;
  reply.headersAtStart(() => ({ 'x-dyno-degraded': 'queue' }));
  reply.headersAtStart(() => ({ 'x-dyno-budget': `r=${left}`, 'x-ratelimit-remaining-tokens': '1' }));
  left = 7;
  reply.startStream('text/event-stream');
  expect(socket.sent.map((text): unknown => JSON.parse(text))).toEqual([
    {
      type: 'dyno.notice',
      request_id: 'req_1',
      headers: { 'x-dyno-degraded': 'queue', 'x-dyno-budget': 'r=7' },
      choices: [],
    },
  ]);
});
