import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createDriver, type Driver } from '../../../../electron/bench/driver/create-driver.ts';
import type { DriverTick, WindowTask } from '../../../../electron/bench/driver/messages.ts';
import { profileNamed } from '../../../../electron/bench/profiles/list.ts';
import { createNodeProcesses } from '../../../../electron/platform/node/processes.ts';
import { sourceEntries } from '../../../../electron/platform/node/worker-entries.ts';
import { startScriptedServer, streamAnswer } from '../../../support/scripted-server.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const startDriver = (): Driver => createDriver(createNodeProcesses(sourceEntries(root)));

const taskFor = (baseUrl: string, name: string, parameters: Record<string, unknown>): WindowTask => {
  const profile = profileNamed(name).bind(parameters, 1024);
  const stage = profile.plan([]);
  if (stage === null) throw new Error(`${name} plans nothing`);
  return {
    id: `${name}-1`,
    target: {
      baseUrl,
      apiKey: 'key-1',
      headers: {},
      modelName: 'demo',
      dialect: 'openai-chat',
      takes: { ignoreEos: true, cachePrompt: true },
    },
    pacing: stage.pacing,
    requests: stage.requests.map((request) => ({ ...request, text: request.index })),
    texts: stage.requests.map((request) => `Prompt ${request.index}`),
    reusesPrompts: false,
    repetition: 3,
    isWarmup: false,
    seed: 9,
    idleTimeoutMs: 30_000,
  };
};
const ignoreTicks = () => undefined;
const run = (driver: Driver, task: WindowTask, signal = new AbortController().signal) =>
  driver.run(task, { signal, onTick: ignoreTicks });

describe('the driver process', () => {
  it('sends greedy fixed-length requests over kept connections and stamps every token', async () => {
    await using server = await startScriptedServer(streamAnswer);
    await using driver = startDriver();
    const task = taskFor(server.baseUrl, 'closed-loop', {
      concurrency: 2,
      requests: 3,
      minimumMs: 0,
      outputTokens: 5,
    });
    const result = await run(driver, task);

    expect(result.samples.map((sample) => [sample.index, sample.stream, sample.error])).toEqual(
      [0, 1, 2, 3, 4, 5].map((index) => [index, index % 2, null]),
    );
    for (const sample of result.samples) {
      expect(sample).toMatchObject({
        repetition: 3,
        promptTokens: 24,
        outputTokens: 5,
        finishReason: 'length',
        tokenCountSource: 'usage',
      });
      expect(sample.gapsMs).toHaveLength(4);
      expect(sample.sentAtMs).toBeGreaterThanOrEqual(sample.intendedAtMs);
      expect(sample.firstTokenMs).toBeGreaterThan(0);
      expect(sample.endMs).toBeGreaterThanOrEqual(sample.lastTokenMs ?? Infinity);
    }
    expect(server.connections()).toBe(2);
    expect(server.bodies[0]).toEqual({
      model: 'demo',
      messages: [{ role: 'user', content: 'Prompt 0' }],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 5,
      temperature: 0,
      seed: 9,
      ignore_eos: true,
      cache_prompt: false,
    });
  });

  it('stamps on the clock of this machine, so its times can be laid beside ours', async () => {
    await using server = await startScriptedServer(streamAnswer);
    await using driver = startDriver();
    const beforeMs = Number(process.hrtime.bigint()) / 1e6;
    const { samples } = await run(
      driver,
      taskFor(server.baseUrl, 'single-stream', { requests: 1, minimumMs: 0 }),
    );
    const afterMs = Number(process.hrtime.bigint()) / 1e6;
    expect(samples[0]?.sentAtMs).toBeGreaterThan(beforeMs);
    expect((samples[0]?.sentAtMs ?? Infinity) + (samples[0]?.endMs ?? Infinity)).toBeLessThan(afterMs);
  });

  it('ticks while a window runs', async () => {
    let release: () => void = () => undefined;
    await using server = await startScriptedServer((response, body, request) => {
      release = () => streamAnswer(response, body, request);
    });
    await using driver = startDriver();
    const ticks: DriverTick[] = [];
    const result = await driver.run(taskFor(server.baseUrl, 'single-stream', { requests: 1, minimumMs: 0 }), {
      signal: new AbortController().signal,
      onTick: (tick) => {
        ticks.push(tick);
        release();
      },
    });
    expect(result.samples).toHaveLength(1);
    expect(ticks[0]).toMatchObject({ tokens: 0, ttftsMs: [] });
  });

  it('makes a dead target a failed sample, not a failed run', async () => {
    await using driver = startDriver();
    const server = await startScriptedServer(streamAnswer);
    await server[Symbol.asyncDispose]();
    const { samples } = await run(
      driver,
      taskFor(server.baseUrl, 'single-stream', { requests: 1, minimumMs: 0 }),
    );
    expect(samples[0]?.error).toMatchObject({
      code: 'bench.target-unreachable',
      message: expect.stringContaining('The connection failed') as string,
    });
  });

  it('stops on abort although the server never answers', async () => {
    const stop = new AbortController();
    await using server = await startScriptedServer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': thinking\n\n');
      stop.abort();
    });
    await using driver = startDriver();
    await expect(
      run(driver, taskFor(server.baseUrl, 'closed-loop', { concurrency: 3 }), stop.signal),
    ).rejects.toMatchObject({ code: 'app.cancelled' });
  });

  it('says so when the driver process dies', async () => {
    await using server = await startScriptedServer(() => undefined);
    const driver = startDriver();
    const pending = run(driver, taskFor(server.baseUrl, 'single-stream', {}));
    await driver[Symbol.asyncDispose]();
    await expect(pending).rejects.toMatchObject({ code: 'app.internal' });
  });
});
