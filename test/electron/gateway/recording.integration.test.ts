import { expect, it } from 'vitest';
import { createRecordingDesk } from '../../../electron/gateway/index.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica } from '../../support/scripted-replica.ts';

const chat = { messages: [{ role: 'user', content: 'Hi' }], n: 2, tools: undefined };

it('keeps the body, the rendered prompt, and every piece of every answer with its time, while it is on', async () => {
  const clock = createFakeClock();
  const replica = createScriptedReplica();
  const recordings = createRecordingDesk();
  await using server = await openGateway(replica, { clock, recordings });
  recordings.turn(true);
  const asked = server.fetch('/v1/chat/completions', chat);
  const [first, second] = [await replica.next(), await replica.next()];
  first.start(5);
  await clock.advance(40);
  first.say('thinking', 'reasoning');
  await clock.advance(10);
  first.say('Hello');
  first.finish();
  second.start(5);
  second.push({ type: 'tool-call', index: 0, id: 'c1', name: 'look', argumentsDelta: '', tokens: 1 });
  second.push({ type: 'tool-call', index: 0, id: 'c1', name: 'look', argumentsDelta: '{"a":1}', tokens: 3 });
  second.finish('tool-calls');
  const reply = await asked;
  expect(reply.headers.get('x-dyno-recorded')).toBe('true');
  const kept = recordings.get(reply.headers.get('x-request-id') ?? '');
  expect(JSON.parse(kept?.body.text ?? '')).toEqual({ messages: chat.messages, n: 2 });
  expect(kept?.choices.map(({ finishReason }) => finishReason)).toEqual(['stop', 'tool_calls']);
  expect(kept?.choices[0]?.prompt).toMatchObject({ type: 'rendered', isCut: false });
  expect(kept?.choices[0]?.pieces).toEqual([
    { channel: 'reasoning', text: 'thinking', tokens: 1, atMs: 40 },
    { channel: 'content', text: 'Hello', tokens: 1, atMs: 50 },
  ]);
  expect(kept?.choices[1]?.pieces.map(({ text, tokens }) => [text, tokens])).toEqual([
    ['look ', 1],
    ['{"a":1}', 3],
  ]);
});

it('keeps nothing unless it is on, forgets all when it is turned off, and keeps what a refused request said', async () => {
  const replica = createScriptedReplica();
  const recordings = createRecordingDesk();
  await using server = await openGateway(replica, { recordings });
  const before = await server.fetch('/v1/chat/completions', { nonsense: 'SECRET' });
  expect([before.status, before.headers.get('x-dyno-recorded')]).toEqual([400, null]);
  expect(recordings.get(before.headers.get('x-request-id') ?? '')).toBeUndefined();

  recordings.turn(true);
  const refused = await server.fetch('/v1/chat/completions', { nonsense: 'SECRET' });
  const id = refused.headers.get('x-request-id') ?? '';
  expect([refused.status, recordings.get(id)?.body.text]).toEqual([400, '{"nonsense":"SECRET"}']);
  expect(recordings.turn(false)).toMatchObject({ isOn: false, kept: 0 });
  expect(recordings.get(id)).toBeUndefined();
  expect(JSON.stringify(server.log.lines)).not.toContain('SECRET');
});

it('keeps the newest fifty, and of each so much as is bounded', () => {
  const desk = createRecordingDesk();
  desk.turn(true);
  const long = new TextEncoder().encode('x'.repeat(300_000));
  for (let request = 0; request < 60; request += 1) desk.begin(`r${request}`, long);
  expect([desk.status().kept, desk.get('r9'), desk.get('r10')?.body.isCut]).toEqual([50, undefined, true]);
  expect(desk.get('r10')?.body.text).toHaveLength(262_144);
  const recorder = desk.begin('big', long);
  const piece = { channel: 'content', text: 'x', tokens: 1, atMs: 0 } as const;
  for (let each = 0; each < 8193; each += 1) recorder?.piece(0, piece);
  expect([desk.get('big')?.choices[0]?.pieces.length, desk.get('big')?.choices[0]?.isCut]).toEqual([
    8192,
    true,
  ]);
});
