import { describe, expect, it } from 'vitest';
import type { DialectName, WireRequest } from '../../../../electron/bench/driver/dialects/dialect.ts';
import { dialects } from '../../../../electron/bench/driver/dialects/list.ts';
import { createSampleRecorder } from '../../../../electron/bench/driver/sample-recorder.ts';

/** Plays recorded bytes to the recorder, one chunk every 10 ms after the send at 1,000. */
const play = (name: DialectName, chunks: readonly string[]) => {
  const recorder = createSampleRecorder({
    repetition: 0,
    isWarmup: false,
    index: 0,
    stream: 0,
    askedTokens: 3,
    intendedAtMs: 1000,
    dialect: dialects[name],
  });
  recorder.sent(1000);
  recorder.answered(200, 'text/event-stream');
  for (const [position, chunk] of chunks.entries()) {
    recorder.received(1010 + position * 10, new TextEncoder().encode(chunk));
  }
  return { sample: recorder.end(2000), answer: recorder.answer() };
};

const request: WireRequest = {
  model: 'm/7b',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello' },
  ],
  maxTokens: 3,
  seed: 9,
  ignoreEos: true,
  cachePrompt: false,
};

describe('TGI’s own stream', () => {
  const token = (text: string, details: object | null = null, special = false) =>
    `data:${JSON.stringify({ index: 1, token: { id: 5, text, logprob: -0.1, special }, generated_text: null, details })}\n\n`;

  it('is one event per token, the last one with lengths and reason', () => {
    const { sample, answer } = play('tgi', [
      token('Hi'),
      token(' you'),
      // a special token may have no text; it cost a step like any other
      token('', { finish_reason: 'eos_token', generated_tokens: 3, seed: null, input_length: 12 }, true),
    ]);
    expect(sample).toMatchObject({
      firstTokenMs: 10,
      gapsMs: [10, 10],
      promptTokens: 12,
      outputTokens: 3,
      finishReason: 'eos_token',
      tokenCountSource: 'usage',
      error: null,
    });
    expect(answer).toBe('Hi you');
  });

  it('tells an overload inside the stream', () => {
    const { sample } = play('tgi', ['data:{"error":"Model is overloaded","error_type":"overloaded"}\n\n']);
    expect(sample.error).toMatchObject({ code: 'bench.target-broken' });
    expect(sample.error?.message).toContain('Model is overloaded');
  });

  it('is asked beside the OpenAI route', () => {
    expect(dialects.tgi.path('/v1', 'm')).toBe('/generate_stream');
    expect(dialects.tgi.body(request)).toEqual({
      inputs: 'Be brief.\n\nHello',
      parameters: { max_new_tokens: 3, do_sample: false, seed: 9, details: true },
    });
  });
});

describe('Triton’s generate extension', () => {
  const piece = (text: string) =>
    `data: ${JSON.stringify({ model_name: 'm', model_version: '1', sequence_end: false, text_output: text })}\n\n`;

  it('tells neither reason nor counts, so its tokens are counted by events', () => {
    const { sample } = play('triton', [piece('a'), piece('b'), piece('')]);
    expect(sample).toMatchObject({
      gapsMs: [10],
      outputTokens: 2,
      promptTokens: null,
      tokenCountSource: 'events',
      finishReason: null,
      error: null,
    });
  });

  it('has the model in its address and parameters for both of its backends', () => {
    expect(dialects.triton.path('/proxy/v2', 'm/7b')).toBe('/proxy/v2/models/m%2F7b/generate_stream');
    expect(dialects.triton.body(request)).toMatchObject({
      text_input: 'Be brief.\n\nHello',
      max_tokens: 3,
      stream: true,
      parameters: { stream: true, max_tokens: 3, temperature: 0, ignore_eos: true },
    });
  });
});

describe('what a server says of its cache', () => {
  const usage = { prompt_tokens: 40, completion_tokens: 1 };
  const timings = { cache_n: 8, prompt_n: 32, prompt_ms: 64, predicted_n: 1, predicted_ms: 20 };
  it.each([
    ['in its usage', { usage: { ...usage, prompt_tokens_details: { cached_tokens: 24 } } }, 24],
    ['in its timings', { usage, timings }, 8],
    ['as none', { usage: { ...usage, prompt_tokens_details: { cached_tokens: 0 } } }, 0],
    ['not at all', { usage, timings: { ...timings, cache_n: undefined } }, null],
  ])('%s is what the sample holds', (_, end, cachedTokens) => {
    const { sample } = play('openai-chat', [
      'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n',
      `data: ${JSON.stringify({ choices: [], ...end })}\n\n`,
    ]);
    expect(sample).toMatchObject({ promptTokens: 40, cachedTokens, error: null });
  });

  it('is unknown of TGI and Ollama, which have no word for it', () => {
    const tgi = play('tgi', [
      'data:{"token":{"text":"a"},"details":{"finish_reason":"length","generated_tokens":1,"input_length":9}}\n\n',
    ]);
    const ollama = play('ollama', [
      '{"message":{"content":"a"},"done":false}\n{"done":true,"prompt_eval_count":9,"eval_count":1}\n',
    ]);
    expect([tgi.sample.cachedTokens, ollama.sample.cachedTokens]).toEqual([null, null]);
  });
});

describe('llama-server’s /completion', () => {
  const part = (content: string) =>
    `data: ${JSON.stringify({ index: 0, content, tokens: [1], stop: false })}\n\n`;

  it('ends with the engine’s own times', () => {
    const { sample } = play('llama-server', [
      part('a'),
      part('b'),
      `data: ${JSON.stringify({
        index: 0,
        content: '',
        stop: true,
        stop_type: 'limit',
        tokens_predicted: 2,
        tokens_evaluated: 40,
        timings: { cache_n: 8, prompt_n: 32, prompt_ms: 64, predicted_n: 2, predicted_ms: 20 },
      })}\n\n`,
    ]);
    expect(sample).toMatchObject({
      promptTokens: 40,
      cachedTokens: 8,
      outputTokens: 2,
      finishReason: 'limit',
      engine: { promptMs: 64, promptTokens: 32, decodeMs: 20, decodeTokens: 2 },
      error: null,
    });
  });

  it('is asked with its own names', () => {
    expect(dialects['llama-server'].path('', 'm')).toBe('/completion');
    expect(dialects['llama-server'].body(request)).toMatchObject({
      n_predict: 3,
      ignore_eos: true,
      cache_prompt: false,
    });
  });
});

describe('Ollama’s /api/chat', () => {
  const line = (fields: object) => `${JSON.stringify({ model: 'm', created_at: 'x', ...fields })}\n`;

  it('is a line per token, cut anywhere, with nanoseconds at the end', () => {
    const last = line({
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: 'length',
      total_duration: 9e8,
      prompt_eval_count: 26,
      prompt_eval_duration: 130_000_000,
      eval_count: 2,
      eval_duration: 50_000_000,
    });
    const { sample, answer } = play('ollama', [
      line({ message: { role: 'assistant', content: '', thinking: 'hm' }, done: false }),
      line({ message: { role: 'assistant', content: 'Hi' }, done: false }) + last.slice(0, 40),
      last.slice(40),
    ]);
    expect(sample).toMatchObject({
      firstTokenMs: 10,
      firstAnswerMs: 20,
      promptTokens: 26,
      outputTokens: 2,
      finishReason: 'length',
      engine: { promptMs: 130, promptTokens: 26, decodeMs: 50, decodeTokens: 2 },
      error: null,
    });
    expect(answer).toBe('Hi');
  });

  it('tells an error as a line of its own', () => {
    const { sample } = play('ollama', ['{"error":"model requires more system memory"}\n']);
    expect(sample.error?.message).toContain('model requires more system memory');
  });

  it('is asked beside the OpenAI route', () => {
    expect(dialects.ollama.path('/v1', 'm')).toBe('/api/chat');
    expect(dialects.ollama.body(request)).toEqual({
      model: 'm/7b',
      messages: request.messages,
      stream: true,
      options: { temperature: 0, seed: 9, num_predict: 3 },
    });
  });
});

describe('the OpenAI dialects', () => {
  it('leave out what a strict server refuses', () => {
    expect(dialects['openai-chat'].body({ ...request, ignoreEos: false, cachePrompt: undefined })).toEqual({
      model: 'm/7b',
      messages: request.messages,
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 3,
      temperature: 0,
      seed: 9,
    });
  });

  it('read llama-server’s times where it adds them', () => {
    const { sample } = play('openai-chat', [
      'data: {"choices":[{"delta":{"content":"x"},"finish_reason":"length"}],"timings":{"prompt_n":9,"prompt_ms":18,"predicted_n":1,"predicted_ms":5}}\n\n',
    ]);
    expect(sample.engine).toEqual({ promptMs: 18, promptTokens: 9, decodeMs: 5, decodeTokens: 1 });
  });
});
