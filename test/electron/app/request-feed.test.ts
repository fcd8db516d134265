import { expect, it } from 'vitest';
import { createRequestFeed } from '../../../electron/app/request-feed.ts';
import type { ServerRequest } from '../../../shared/contract/server.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const request = (id: string, outputTokens: number): ServerRequest => ({
  id,
  atMs: 0,
  route: '/v1/chat/completions',
  model: 'm',
  keyName: 'default',
  phase: 'decode',
  status: 200,
  promptTokens: 3,
  cachedTokens: 0,
  outputTokens,
  queueMs: 0,
  ttftMs: 1,
  tokensPerSecond: null,
  totalMs: null,
  finishReason: null,
  errorCode: null,
  degraded: [],
});

it('tells the newest state of each request once per beat, and nothing while nothing changes', async () => {
  const clock = createFakeClock();
  const told: (readonly [string, number])[][] = [];
  using feed = createRequestFeed({ clock, log: createFakeLog() }, (requests) =>
    told.push(requests.map(({ id, outputTokens }) => [id, outputTokens])),
  );
  feed.push(request('a', 1));
  feed.push(request('a', 2));
  feed.push(request('b', 1));
  await clock.advance(500);
  feed.push(request('b', 9));
  await clock.advance(100);

  expect(told).toEqual([
    [
      ['a', 2],
      ['b', 1],
    ],
    [['b', 9]],
  ]);
});

it('tells what is left when it ends', () => {
  const told: number[] = [];
  const feed = createRequestFeed({ clock: createFakeClock(), log: createFakeLog() }, (requests) =>
    told.push(requests.length),
  );
  feed.push(request('a', 1));
  feed[Symbol.dispose]();

  expect(told).toEqual([1]);
});
