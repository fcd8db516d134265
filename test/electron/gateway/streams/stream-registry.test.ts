import { expect, it } from 'vitest';
import type { Responder } from '../../../../electron/gateway/http-exchange.ts';
import { createStreamRegistry } from '../../../../electron/gateway/streams/stream-registry.ts';
import { createTicker } from '../../../../electron/gateway/ticker.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeRandom } from '../../../support/fake-random.ts';

/** A reader that takes nothing until it is told to. */
const createReader = () => {
  let written = '';
  let isCut = false;
  let id = '';
  const { promise: drained, resolve: take } = Promise.withResolvers<undefined>();
  const reader: Responder = {
    hasStarted: () => written !== '',
    header: (_name, value) => {
      id = value;
    },
    json: () => undefined,
    text: () => undefined,
    startStream: () => undefined,
    write: (text) => {
      written += text;
    },
    bufferedBytes: () => written.length,
    takenBytes: () => 0,
    drained: () => drained,
    end: () => undefined,
    destroy: () => {
      isCut = true;
    },
    onGone: () => undefined,
  };
  return { reader, take, id: () => id, written: () => written, isCut: () => isCut };
};

const open = () => {
  const clock = createFakeClock();
  const registry = createStreamRegistry({ random: createFakeRandom(), ticker: createTicker(clock) });
  const asked = createReader();
  const reply = registry.open('k', asked.reader, () => undefined);
  reply.startStream('text/event-stream; charset=utf-8');
  reply.write('data: a\n\n');
  return { clock, registry, reply, id: asked.id() };
};

it('cuts off who asks for an ended stream and reads nothing of it for 30 s', async () => {
  const { clock, registry, reply, id } = open();
  reply.end();
  const stalled = createReader();
  registry.resume('k', id, undefined, stalled.reader);
  expect(stalled.written()).toBe('id: 1\ndata: a\n\n');
  await clock.advance(30_000);
  expect(stalled.isCut()).toBe(false);
  await clock.advance(2000);
  expect(stalled.isCut()).toBe(true);
});

it('leaves alone who has read all of an ended stream', async () => {
  const { clock, registry, reply, id } = open();
  reply.end();
  const reading = createReader();
  registry.resume('k', id, undefined, reading.reader);
  reading.take(undefined);
  await clock.advance(40_000);
  expect(reading.isCut()).toBe(false);
});
