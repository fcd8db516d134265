import { describe, expect, it } from 'vitest';
import { openAiChat } from '../../../../electron/bench/driver/dialects/openai.ts';
import { createSampleRecorder } from '../../../../electron/bench/driver/sample-recorder.ts';

const request = {
  repetition: 2,
  isWarmup: false,
  index: 5,
  stream: 1,
  askedTokens: 3,
  intendedAtMs: 1000,
  dialect: openAiChat,
};
const bytes = (text: string) => new TextEncoder().encode(text);
const event = (value: unknown) => bytes(`data: ${JSON.stringify(value)}\n\n`);
const delta = (fields: object) => event({ choices: [{ delta: fields, finish_reason: null }] });

const started = () => {
  const recorder = createSampleRecorder(request);
  recorder.sent(1001);
  recorder.answered(200, 'text/event-stream');
  return recorder;
};

describe('the sample recorder', () => {
  it('stamps a chat stream: role chunk, reasoning, answer, finish, usage', () => {
    const recorder = started();
    expect(recorder.received(1010, delta({ role: 'assistant', content: '' }))).toBe(0);
    expect(recorder.received(1021, delta({ reasoning_content: 'hm' }))).toBe(1);
    expect(recorder.received(1031, delta({ content: 'yes' }))).toBe(1);
    recorder.received(1045, delta({ content: '.' }));
    recorder.received(1046, event({ choices: [{ delta: {}, finish_reason: 'length' }] }));
    recorder.received(
      1047,
      event({
        choices: [],
        usage: { prompt_tokens: 40, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 8 } },
      }),
    );
    recorder.received(1048, bytes('data: [DONE]\n\n'));
    expect(recorder.end(1049)).toEqual({
      repetition: 2,
      index: 5,
      isWarmup: false,
      stream: 1,
      sentAtMs: 1001,
      intendedAtMs: 1000,
      firstEventMs: 9,
      firstTokenMs: 20,
      firstAnswerMs: 30,
      lastTokenMs: 44,
      endMs: 48,
      gapsMs: [10, 14],
      promptTokens: 40,
      cachedTokens: 8,
      outputTokens: 3,
      askedTokens: 3,
      tokenCountSource: 'usage',
      finishReason: 'length',
      status: 200,
      engine: null,
      error: null,
    });
  });

  it('reads plain completions and counts events where the server sends no usage', () => {
    const recorder = started();
    recorder.received(1011, event({ choices: [{ text: 'a', finish_reason: null }] }));
    recorder.received(1016, event({ choices: [{ text: 'b', finish_reason: 'stop' }] }));
    expect(recorder.end(1017)).toMatchObject({
      firstTokenMs: 10,
      gapsMs: [5],
      outputTokens: 2,
      tokenCountSource: 'events',
      promptTokens: null,
      error: null,
    });
  });

  it.each([
    [
      'a failure of its own',
      500,
      '{"error":{"message":"boom"}}',
      'failed',
      'The server answered 500: {"error"',
    ],
    [
      'a question it does not take',
      400,
      'no such field',
      'refused',
      'The server answered 400: no such field',
    ],
    ['a route it does not have', 501, '', 'refused', 'The server answered 501'],
    ['a limit', 429, 'slow down', 'overloaded', 'The server answered 429: slow down'],
    ['a model that still loads', 503, '{"error":"Loading model"}', 'overloaded', 'The server answered 503'],
    ['a wrong key', 401, '{"detail":"no"}', 'unauthorized', 'The server answered 401: {"detail"'],
    ['a page of HTML', 200, '<html>Hello</html>', 'not-streaming', 'a web page: <html>Hello</html>'],
    ['broken JSON', 200, 'data: {oops\n\n', 'broken', 'an event that is not a chunk: {oops'],
    [
      'an error inside the stream',
      200,
      'data: {"error":{"message":"out of memory"}}\n\n',
      'broken',
      'The server broke the stream off: out of memory',
    ],
    [
      'a stream that just ends',
      200,
      'data: {"choices":[{"delta":{"content":"x"}}]}\n\n',
      'broken',
      'The stream ended without a finish reason after 1 tokens.',
    ],
    [
      'an answer that is no stream',
      200,
      '{"choices":[]}',
      'not-streaming',
      'The server sent no tokens: {"choices"',
    ],
    [
      'a token count that cannot be true',
      200,
      'data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":500}}\n\n',
      'miscounts',
      'counts 500 answer tokens where 1 events came and 3 tokens were asked for',
    ],
  ])('calls %s by its name', (_name, status, body, kind, message) => {
    const recorder = createSampleRecorder(request);
    recorder.sent(1001);
    recorder.answered(status, body.startsWith('<') ? 'text/html; charset=utf-8' : 'text/event-stream');
    recorder.received(1010, bytes(body));
    const { error } = recorder.end(1011);
    expect(error?.code).toBe(`bench.target-${kind}`);
    expect(error?.message).toContain(message);
  });

  it('does not believe a wrong count: the events are counted instead', () => {
    const recorder = started();
    recorder.received(1010, delta({ content: 'x' }));
    recorder.received(1011, event({ choices: [{ delta: {}, finish_reason: 'stop' }] }));
    recorder.received(1012, event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: -4 } }));
    expect(recorder.end(1013)).toMatchObject({ outputTokens: 1, tokenCountSource: 'events' });
  });

  it('does not believe a count of under half the events that came', () => {
    const counted = (tokens: number) => {
      const recorder = started();
      for (const content of ['a', 'b', 'c', 'd']) recorder.received(1010, delta({ content }));
      recorder.received(1011, event({ choices: [{ delta: {}, finish_reason: 'stop' }] }));
      recorder.received(1012, event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: tokens } }));
      return recorder.end(1013).error?.code ?? null;
    };
    expect([counted(1), counted(2), counted(4)]).toEqual(['bench.target-miscounts', null, null]);
  });

  it('keeps the failure of the transport over its own judgement', () => {
    const recorder = createSampleRecorder(request);
    expect(recorder.end(1002, { code: 'app.cancelled', message: 'gone' })).toMatchObject({
      status: null,
      firstTokenMs: null,
      error: { code: 'app.cancelled', message: 'gone' },
    });
  });
});
