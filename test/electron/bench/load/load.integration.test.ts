import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { LoadRun } from '../../../../shared/contract/load.ts';
import { openLoadWorld } from '../../../support/load-world.ts';
import { startScriptedServer, streamAnswer, type Answer } from '../../../support/scripted-server.ts';

const world = openLoadWorld();
afterAll(() => world[Symbol.asyncDispose]());

const quick = { promptTokens: 16, outputTokens: 4, requests: 3, minimumMs: 0 };
const json = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};
/** Lists its model and streams answers, like any OpenAI-compatible server. */
const goodServer: Answer = (response, body, request) =>
  request.method === 'GET'
    ? json(response, 200, { object: 'list', data: [{ id: 'served-model' }] })
    : streamAnswer(response, body, request);
const chunk = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const token = chunk({ choices: [{ delta: { content: 'x' }, finish_reason: null }] });
const sse = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });
const errorOf = (run: LoadRun) => (run.state.type === 'failed' ? run.state.error : undefined);

describe('a load run against a server', () => {
  it('asks for its model, sends the shape, and keeps every request but no key', async () => {
    await using server = await startScriptedServer(goodServer);
    const run = await world.measure({
      target: { type: 'url', url: server.baseUrl, apiKey: 'secret-1', headers: { 'x-team': 'secret-2' } },
      shape: 'closed-loop',
      parameters: { ...quick, concurrency: 2 },
      slo: { name: 'patient' },
    });
    expect(run.state).toMatchObject({ type: 'done' });
    expect(run.target).toMatchObject({
      model: 'served-model',
      dialect: 'openai-chat',
      headerNames: ['x-team'],
    });
    expect(run.stages).toHaveLength(1);
    expect(run.stages[0]?.summary).toMatchObject({
      attempted: 6,
      finished: 6,
      finishReasons: { length: 6 },
      outputTokens: 4,
      goodput: { good: 6, attempted: 6 },
    });
    expect(world.loads.samples(run.id)).toHaveLength(6);
    expect(world.loads.ticks(run.id).every((tick) => tick.stage === 0)).toBe(true);
    expect(JSON.stringify(run)).not.toContain('secret');
    expect(run.repeatCommand).toContain('--shape closed-loop');
  });

  it('sends an open loop at its own times and shows how they were kept', async () => {
    await using server = await startScriptedServer(goodServer);
    const run = await world.measure({
      target: { type: 'url', url: server.baseUrl, model: 'm' },
      shape: 'open-loop',
      parameters: {
        promptTokens: 16,
        outputTokens: 4,
        ratePerSecond: 20,
        durationSeconds: 1,
        arrival: 'constant',
      },
    });
    expect(run.stages[0]?.summary?.schedule).toMatchObject({ askedPerSecond: 20, dropped: 0 });
    const offsets = world.loads.samples(run.id).map((sample) => sample.intendedAtMs);
    const [first = 0, second = 0] = offsets.toSorted((a, b) => a - b);
    expect(offsets).toHaveLength(20);
    expect(second - first).toBeCloseTo(50, 3);
  });

  it('refuses a file that holds no prompts before anything is kept or sent', async () => {
    await using server = await startScriptedServer(goodServer);
    const before = world.loads.list().length;
    const prompts = { type: 'file', path: fileURLToPath(import.meta.url) } as const;
    const target = { type: 'url', url: server.baseUrl } as const;
    await expect(world.measure({ target, parameters: quick, prompts })).rejects.toMatchObject({
      code: 'bench.prompts-invalid',
      message: 'Line 1 is no JSON.',
    });
    expect(world.loads.list()).toHaveLength(before);
  });

  it('leaves out what a strict server refuses, and takes plain completions where there is no chat', async () => {
    await using server = await startScriptedServer((response, body, request) => {
      if (request.url?.endsWith('/chat/completions') === true)
        json(response, 404, { error: { message: 'no chat' } });
      else if ('cache_prompt' in body)
        json(response, 400, { error: { message: 'extra inputs are not permitted' } });
      else streamAnswer(response, body, request);
    });
    const run = await world.measure({
      target: { type: 'url', url: server.baseUrl, model: 'm' },
      parameters: quick,
    });
    expect(run.target.dialect).toBe('openai-completion');
    expect(server.bodies.at(-1)).toMatchObject({ ignore_eos: true, prompt: expect.any(String) as string });
    expect(server.bodies.at(-1)).not.toHaveProperty('cache_prompt');
  });

  it('carries a conversation on with the answers the server gave', async () => {
    await using server = await startScriptedServer(goodServer);
    await world.measure({
      target: { type: 'url', url: server.baseUrl, model: 'm' },
      shape: 'multi-turn',
      parameters: { users: 1, turns: 2, userTokens: 8, outputTokens: 3, thinkSeconds: 0 },
    });
    expect(server.bodies.at(-1)?.messages).toMatchObject([
      { role: 'system' },
      { role: 'user' },
      { role: 'assistant', content: 'xxx' },
      { role: 'user' },
    ]);
  });

  it('counts single failures by kind and goes on', async () => {
    let asked = 0;
    await using server = await startScriptedServer((response, body, request) => {
      asked += 1;
      if (asked % 4 === 0) json(response, 503, { error: { message: 'busy' } });
      else streamAnswer(response, body, request);
    });
    const run = await world.measure({
      target: { type: 'url', url: server.baseUrl, model: 'm' },
      parameters: { ...quick, requests: 8 },
    });
    expect(run.state.type).toBe('done');
    expect(run.stages[0]?.summary).toMatchObject({ attempted: 8, errors: { 'bench.target-overloaded': 2 } });
    expect(run.trust?.level).toBe('red');
  });
});

describe('a bad target', () => {
  it.each<[string, string, Answer]>([
    [
      'answers with a page',
      'bench.target-not-streaming',
      (response) =>
        void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome to nginx</html>'),
    ],
    [
      'wants another key',
      'bench.target-unauthorized',
      (response) => json(response, 401, { error: { message: 'bad key' } }),
    ],
    [
      'does not know the model',
      'bench.target-refused',
      (response) => json(response, 404, { error: { message: 'The model does not exist' } }),
    ],
    [
      'falls silent in the middle of an answer',
      'bench.target-hung',
      (response) => void sse(response).write(token),
    ],
    [
      'sends broken JSON',
      'bench.target-broken',
      (response) => void sse(response).end(`${token}data: {"choices":[{\n\n`),
    ],
    [
      'hangs up in the middle of an answer',
      'bench.target-broken',
      (response) => {
        sse(response).write(token, () => response.destroy());
      },
    ],
    [
      'counts wrongly',
      'bench.target-miscounts',
      (response) =>
        void sse(response).end(
          `${token}${chunk({ choices: [{ delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 5, completion_tokens: 4000 } })}data: [DONE]\n\n`,
        ),
    ],
  ])('that %s is one clear error with the next step', async (_name, code, answer) => {
    await using server = await startScriptedServer(answer);
    const run = await world.measure({
      target: { type: 'url', url: server.baseUrl, model: 'm' },
      parameters: quick,
      idleTimeoutMs: 300,
    });
    expect(errorOf(run)).toMatchObject({ code });
    expect(errorOf(run)?.hint).toContain(server.baseUrl);
    expect(run.stages).toEqual([]);
  });

  it('that is down is told before anything is sent, also while its models are asked for', async () => {
    const server = await startScriptedServer(goodServer);
    await server[Symbol.asyncDispose]();
    const target = { type: 'url', url: server.baseUrl } as const;
    const runs = await Promise.all([
      world.measure({ target: { ...target, model: 'm' }, parameters: quick }),
      world.measure({ target, parameters: quick }),
    ]);
    for (const run of runs) {
      expect(errorOf(run)).toMatchObject({ code: 'bench.target-unreachable' });
      expect(errorOf(run)?.hint).toContain('Is the server running');
    }
  });

  it('that dies between stages costs the stages not yet measured; a resume goes on behind the finished ones', async () => {
    let isUp = true;
    await using server = await startScriptedServer((response, body, request) => {
      if (isUp) streamAnswer(response, body, request);
      else request.socket.destroy();
    });
    const stop = new AbortController();
    const run = await world.measure(
      {
        target: { type: 'url', url: server.baseUrl, model: 'm' },
        shape: 'step-sweep',
        parameters: { promptTokens: 16, outputTokens: 4, steps: [1, 2, 3], stepSeconds: 0.05 },
      },
      {
        onEvent: (body) => {
          if (body.type === 'load.stage-changed' && body.stage.index === 0 && body.stage.state === 'done')
            isUp = false;
        },
      },
    );
    expect(errorOf(run)?.code).toBe('bench.target-unreachable');
    expect(run.stages.map((stage) => stage.state)).toEqual(['done', 'failed']);
    const kept = run.stages[0];

    isUp = true;
    world.loads.prepareResume(run.id, {});
    await world.loads.execute(run.id, { signal: stop.signal, onProgress: () => undefined });
    const resumed = world.loads.get(run.id);
    expect(resumed.stages.map((stage) => [stage.name, stage.state])).toEqual([
      ['1: x1', 'done'],
      ['2: x2', 'done'],
      ['3: x3', 'done'],
    ]);
    expect(resumed.stages[0]).toEqual(kept);
    // what the failed try of the second stage had brought is not counted with the new one
    expect(world.loads.samples(run.id, 1)).toHaveLength(resumed.stages[1]?.summary?.attempted ?? 0);
    expect(() => world.loads.prepareResume(run.id, {})).toThrow(
      expect.objectContaining({ code: 'bench.not-resumable' }),
    );
  });

  it('that is left by a cancel keeps what was finished', async () => {
    await using server = await startScriptedServer(goodServer);
    const stop = new AbortController();
    const run = await world.measure(
      {
        target: { type: 'url', url: server.baseUrl, model: 'm' },
        shape: 'sustained',
        parameters: { users: 1, promptTokens: 16, outputTokens: 4 },
      },
      {
        signal: stop.signal,
        onEvent: (body) => {
          if (body.type === 'load.ticked' && body.tick.finished > 0) stop.abort();
        },
      },
    );
    expect(run.state.type).toBe('cancelled');
    expect(run.stages[0]).toMatchObject({ state: 'cancelled' });
    expect(run.stages[0]?.summary?.finished).toBeGreaterThan(0);
    expect(world.loads.samples(run.id).length).toBe(run.stages[0]?.summary?.attempted);
  });
});

describe('servers with a language of their own', () => {
  const tokens = ['a', 'b', 'c', 'd'];
  const ollama = (fields: object) => `${JSON.stringify({ model: 'm', ...fields })}\n`;
  const lines: Readonly<Record<string, readonly string[]>> = {
    '/generate_stream': tokens.map(
      (text, index) =>
        `data:${JSON.stringify({ index, token: { id: 1, text, special: false }, details: index === 3 ? { finish_reason: 'length', generated_tokens: 4, input_length: 20 } : null })}\n\n`,
    ),
    '/v2/models/m/generate_stream': tokens.map((text) => chunk({ model_name: 'm', text_output: text })),
    '/completion': [
      ...tokens.map((content) => chunk({ content, stop: false })),
      chunk({
        content: '',
        stop: true,
        stop_type: 'limit',
        tokens_predicted: 4,
        tokens_evaluated: 20,
        timings: { prompt_n: 20, prompt_ms: 10, predicted_n: 4, predicted_ms: 8 },
      }),
    ],
    '/api/chat': [
      ...tokens.map((content) => ollama({ message: { role: 'assistant', content }, done: false })),
      ollama({
        message: { role: 'assistant', content: '' },
        done: true,
        done_reason: 'length',
        prompt_eval_count: 20,
        prompt_eval_duration: 1e7,
        eval_count: 4,
        eval_duration: 8e6,
      }),
    ],
  };

  it.each([
    ['tgi', null],
    ['triton', null],
    ['llama-server', { prefillTps: 2000, decodeTps: 500 }],
    ['ollama', { prefillTps: 2000, decodeTps: 500 }],
  ] as const)('are measured through %s', async (dialect, engine) => {
    await using server = await startScriptedServer((response, _body, request) => {
      const answer = lines[request.url ?? ''];
      if (answer === undefined) json(response, 404, {});
      else response.writeHead(200, { 'content-type': 'text/event-stream' }).end(answer.join(''));
    });
    const run = await world.measure({
      target: { type: 'url', url: server.baseUrl, model: 'm', dialect },
      parameters: quick,
    });
    expect(run.state.type).toBe('done');
    expect(run.stages[0]?.summary).toMatchObject({
      finished: 3,
      outputTokens: 4,
      engine,
      tokenCountSource: dialect === 'triton' ? 'events' : 'usage',
    });
  });
});
