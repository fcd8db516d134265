import { describe, expect, it } from 'vitest';
import {
  compatMarkdown,
  idleCompat,
  reduceCompat,
  type CompatAct,
} from '../../renderer/pages/server/compat/compat-state.ts';
import { degradedReason, degradedText } from '../../renderer/pages/server/requests/degraded-words.ts';
import { readableBody, textOf, timePieces } from '../../renderer/pages/server/requests/recorded-pieces.ts';
import { decodeMsOf, outcomeOf, prefillMsOf } from '../../renderer/pages/server/requests/request-times.ts';
import { beginningOf, fillSteps, totalOf, usageSpans } from '../../renderer/pages/server/usage/usage-span.ts';
import type { CompatResult } from '../../shared/contract/compat.ts';
import type { ServerRequest } from '../../shared/contract/server.ts';

const check = (id: string, outcome: CompatResult['outcome'], found: string | null): CompatResult => ({
  id,
  group: 'chat',
  title: `does ${id}`,
  outcome,
  found,
  ms: 3,
});

describe('compatibility checks', () => {
  const run = (acts: readonly CompatAct[]) => acts.reduce(reduceCompat, idleCompat);
  const received = (result: CompatResult): CompatAct => ({
    type: 'received',
    event: { type: 'checked', result },
  });
  const begun: CompatAct = { type: 'received', event: { type: 'started', model: 'demo', checks: 42 } };

  it('gather as they come, and a new run forgets the old one', () => {
    const state = run([{ type: 'asked' }, begun, received(check('a', 'passed', null)), { type: 'stopped' }]);
    expect(state).toMatchObject({ phase: 'stopped', total: 42, model: 'demo', problem: null });
    expect(state.results.map(({ id }) => id)).toEqual(['a']);
    expect(reduceCompat(state, { type: 'asked' })).toEqual({ ...idleCompat, phase: 'running' });
  });

  it('keep what was checked when the server goes away', () => {
    const problem = { code: 'app.unreachable', title: 'Gone', isRetryable: true };
    const state = run([
      { type: 'asked' },
      begun,
      received(check('a', 'failed', 'x')),
      { type: 'failed', problem },
    ]);
    expect([state.phase, state.problem, state.results.length]).toEqual(['ended', problem, 1]);
  });

  it('become a Markdown table in which no text breaks a row', () => {
    const state = run([
      begun,
      received(check('a', 'failed', 'a|b\nc')),
      received(check('b', 'missing', null)),
    ]);
    expect(compatMarkdown('http://x', state).split('\n')).toEqual([
      'http://x, model demo: 0 of 2 checks passed, 1 failed, 1 found no such route.',
      '',
      '| check | result | ms | what it is | found |',
      '|---|---|---:|---|---|',
      '| a | failed | 3 | does a | a\\|b c |',
      '| b | missing | 3 | does b |  |',
    ]);
  });
});

describe('a request in the table', () => {
  const request: ServerRequest = {
    id: 'r',
    atMs: 0,
    route: '/v1/chat/completions',
    model: 'demo',
    keyName: 'laptop',
    phase: 'done',
    status: 200,
    promptTokens: 9,
    cachedTokens: 0,
    outputTokens: 4,
    queueMs: 10,
    ttftMs: 60,
    tokensPerSecond: 20,
    totalMs: 260,
    finishReason: 'stop',
    errorCode: null,
    degraded: [],
  };

  it('is split into queue, prefill and decode, each unknown until it is over', () => {
    expect([prefillMsOf(request), decodeMsOf(request)]).toEqual([50, 200]);
    expect(prefillMsOf({ ...request, ttftMs: null })).toBeNull();
    expect(decodeMsOf({ ...request, totalMs: null })).toBeNull();
  });

  it('says what it ended with, an error before all else', () => {
    expect(outcomeOf(request)).toBe('stop');
    expect(outcomeOf({ ...request, errorCode: 'gateway.rate-limited' })).toBe('gateway.rate-limited');
    expect(outcomeOf({ ...request, finishReason: null })).toBe('');
  });

  it('says in plain words what a saturated server did with it, step by step', () => {
    expect(degradedText([])).toBe('');
    expect(degradedText(['clamp', 'queue'])).toBe('length capped, waited');
    expect(degradedReason(['queue', 'cache'])).toBe(
      'No slot was free, so it waited by its key’s tier. It was given the answer that the same request got before.',
    );
  });
});

describe('a recorded answer', () => {
  const pieces = [
    { channel: 'reasoning', text: 'hm', tokens: 1, atMs: 100 },
    { channel: 'content', text: 'Hel', tokens: 1, atMs: 130 },
    { channel: 'content', text: 'lo', tokens: 2, atMs: 150 },
  ] as const;

  it('is read by channel, and each piece has the time after the one before', () => {
    expect(textOf(pieces, 'content')).toBe('Hello');
    expect(timePieces(pieces).map(({ index, gapMs }) => [index, gapMs])).toEqual([
      [0, null],
      [1, 30],
      [2, 20],
    ]);
  });

  it('shows a body that is JSON laid out, and any other as it came', () => {
    expect(readableBody('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(readableBody('{"a":')).toBe('{"a":');
  });
});

describe('usage over time', () => {
  const nowMs = Date.UTC(2026, 10, 25, 9, 42);
  const [day, , month] = usageSpans;
  const used = { requests: 2, errors: 1, promptTokens: 30, cachedTokens: 10, outputTokens: 8 };

  it('begins so that the last step holds now, and shows hours without a request as zero', () => {
    if (day === undefined) throw new TypeError('no span');
    const fromMs = beginningOf(day, nowMs);
    expect(new Date(fromMs).toISOString()).toBe('2026-11-24T10:00:00.000Z');
    const steps = fillSteps(day, fromMs, [{ group: '2026-11-25T09:00Z', ...used }]);
    expect([steps.length, steps.at(-1)?.atMs]).toEqual([24, Date.UTC(2026, 10, 25, 9)]);
    expect(steps.at(-1)).toMatchObject(used);
    expect(steps.slice(0, -1).every(({ requests, promptTokens }) => requests + promptTokens === 0)).toBe(
      true,
    );
    expect(totalOf(steps)).toEqual(used);
  });

  it('takes whole days (UTC) where the span is long', () => {
    if (month === undefined) throw new TypeError('no span');
    const fromMs = beginningOf(month, nowMs);
    expect(new Date(fromMs).toISOString()).toBe('2026-10-27T00:00:00.000Z');
    expect(fillSteps(month, fromMs, [{ group: '2026-11-01', ...used }])[5]).toMatchObject(used);
  });
});
