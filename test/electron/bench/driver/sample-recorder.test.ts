import { describe, expect, it } from 'vitest';
import { createSampleRecorder } from '../../../../electron/bench/driver/sample-recorder.ts';

const request = {
  repetition: 2,
  isWarmup: false,
  index: 5,
  stream: 1,
  askedTokens: 3,
  intendedAtMs: 1000,
};
const bytes = (text: string) => new TextEncoder().encode(text);
const event = (value: unknown) => bytes(`data: ${JSON.stringify(value)}\n\n`);
const delta = (fields: object) => event({ choices: [{ delta: fields, finish_reason: null }] });

const started = () => {
  const recorder = createSampleRecorder(request);
  recorder.sent(1001);
  recorder.answered(200);
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
    ['an error status', 500, '{"error":{"message":"boom"}}', 'The server answered 500: {"error"'],
    ['a page of HTML', 200, '<html>Hello</html>', 'The server sent no tokens: <html>'],
    ['broken JSON', 200, 'data: {oops\n\n', 'The server sent an event that is not a chunk: {oops'],
    [
      'an error inside the stream',
      200,
      'data: {"error":{"message":"out of memory"}}\n\n',
      'The server broke the stream off: out of memory',
    ],
    [
      'a stream that just ends',
      200,
      'data: {"choices":[{"delta":{"content":"x"}}]}\n\n',
      'The stream ended without a finish reason after 1 tokens.',
    ],
  ])('calls %s a failure of the target', (_name, status, body, message) => {
    const recorder = createSampleRecorder(request);
    recorder.sent(1001);
    recorder.answered(status);
    recorder.received(1010, bytes(body));
    const { error } = recorder.end(1011);
    expect(error?.code).toBe('bench.target-failed');
    expect(error?.message).toContain(message);
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
