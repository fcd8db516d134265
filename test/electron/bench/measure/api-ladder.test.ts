import { describe, expect, it } from 'vitest';
import { createConversations } from '../../../../electron/bench/driver/conversations.ts';
import type { WindowTask } from '../../../../electron/bench/driver/messages.ts';
import { createApiArm } from '../../../../electron/bench/measure/api-ladder.ts';
import { profileNamed } from '../../../../electron/bench/profiles/list.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createLoadSample } from '../../../support/load-samples.ts';

/** Measures one repetition of a shape; gives what was sent, as the driver would word it, and what came of it. */
const measureOnce = async (name: string, parameters: object) => {
  const tasks: WindowTask[] = [];
  const arm = createApiArm({
    cellId: 'c1',
    replica: { usage: () => Promise.resolve({ cpuSeconds: 1, residentBytes: 1 }) },
    route: 'chat',
    prompts: {
      build: (tokens, { ordinal }, beginning = '') =>
        Promise.resolve({ text: `[${beginning && 'to '}${tokens} #${ordinal}]`, tokens }),
      piece: (tokens, { ordinal }) => Promise.resolve(`[group ${ordinal}, ${tokens}]`),
    },
    target: { baseUrl: 'http://127.0.0.1:1/v1', apiKey: '', modelName: 'm' },
    driver: {
      run: (task) => {
        tasks.push(task);
        const samples = task.requests.map(({ index }) => createLoadSample({ index, promptTokens: 100 }));
        return Promise.resolve({ samples, startedAtMs: 0, endedAtMs: 1000, eventLoopDelayP99Ms: 0 });
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    profile: profileNamed(name).bind(parameters, 4096),
    clock: createFakeClock({ monotonicMs: 0 }),
    signal: new AbortController().signal,
    onTick: () => undefined,
  });
  const measured = await arm.measure({ index: 0, isWarmup: false, seed: 1 });
  const [task] = tasks;
  if (task === undefined) throw new Error('nothing was sent');
  const conversations = createConversations(task.texts, task.requests.length);
  const words = task.requests.map((request) =>
    conversations.messagesFor(request).map(({ content }) => content),
  );
  return { task, words, measured };
};

describe('a repetition through the server', () => {
  it('sends prompts that begin alike where the shape shares beginnings', async () => {
    const { words, task, measured } = await measureOnce('shared-prefix', {
      groups: 2,
      perGroup: 2,
      users: 1,
    });
    expect(
      words
        .flat()
        .map((text) => text.slice(0, 14))
        .toSorted(),
    ).toEqual(['[group 0, 256]', '[group 0, 256]', '[group 1, 256]', '[group 1, 256]']);
    expect([task.reusesPrompts, measured.reusesPrompts]).toEqual([true, true]);
    // the server counted 100 of 320 tokens
    expect(measured.promptCountError).toBeCloseTo(220 / 320, 12);
  });

  it('opens conversations with their system prompt, and holds no count against their growing history', async () => {
    const { words, measured } = await measureOnce('multi-turn', { users: 1, turns: 2, systemTokens: 50 });
    expect(words[0]).toEqual(['[50 #0]', '[32 #0]']);
    expect(measured.promptCountError).toBeNull();
  });

  it('counts prompts of their own against what was built', async () => {
    const { task, measured } = await measureOnce('closed-loop', { concurrency: 2, requests: 1 });
    expect(new Set(task.texts).size).toBe(task.requests.length);
    expect(measured.promptCountError).toBeCloseTo(28 / 128, 12);
    expect(measured.reusesPrompts).toBe(false);
  });
});
