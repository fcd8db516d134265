import { expect, it } from 'vitest';
import type { Responder } from '../../../../electron/gateway/http-exchange.ts';
import { createStreamRegistry } from '../../../../electron/gateway/streams/stream-registry.ts';
import { createTicker } from '../../../../electron/gateway/ticker.ts';
import { createNodeRandom } from '../../../../electron/platform/node/random.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

/** A reader that takes nothing until it is told to. */
const createReader = () => {
  let written = '';
  let isCut = false;
  let id = '';
  let leave = (): void => undefined;
  const { promise: drained, resolve: take } = Promise.withResolvers<undefined>();
  const reader: Responder = {
    hasStarted: () => written !== '',
    header: (_name, value) => {
      id = value;
    },
    headersAtStart: () => undefined,
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
    onGone: (act) => {
      leave = act;
    },
  };
  return { reader, take, leave: () => leave(), id: () => id, written: () => written, isCut: () => isCut };
};

const open = () => {
  const clock = createFakeClock();
  const registry = createStreamRegistry({ random: createNodeRandom(), ticker: createTicker(clock) });
  const asked = createReader();
  const reply = registry.open('k', asked.reader, () => undefined);
  reply.startStream('text/event-stream; charset=utf-8');
  reply.write('data: a\n\n');
  return { clock, registry, reply, asked, id: asked.id() };
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

it('has one reader of a stream at a time: the next cuts the one before off, whose end is none of the stream’s', () => {
  const { registry, reply, asked, id } = open();
  const next = createReader();
  registry.resume('k', id, '1', next.reader);
  expect([asked.isCut(), next.isCut()]).toEqual([true, false]);
  asked.leave();
  reply.write('data: b\n\n');
  expect(next.written()).toBe('id: 2\ndata: b\n\n');
});

it('keeps 32 streams of a key, and forgets the oldest that has ended for the next', () => {
  const { registry, reply, id } = open();
  reply.end();
  const more = Array.from({ length: 31 }, () => createReader());
  for (const { reader } of more) registry.open('k', reader, () => undefined);
  const reading = createReader();
  registry.resume('k', id, undefined, reading.reader);
  expect(reading.written()).toBe('id: 1\ndata: a\n\n');
  registry.open('k', createReader().reader, () => undefined);
  expect(() => registry.resume('k', id, undefined, createReader().reader)).toThrow(/no such stream/u);
});
