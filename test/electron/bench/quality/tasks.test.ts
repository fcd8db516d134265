import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { askTask } from '../../../../electron/bench/quality/ask-task.ts';
import { readTaskItems } from '../../../../electron/bench/quality/task-items.ts';
import { taskStatistics } from '../../../../electron/bench/quality/task-statistics.ts';
import { wilsonInterval } from '../../../../electron/bench/stats/wilson-interval.ts';
import type { GenerateEvent } from '../../../../electron/engine/index.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const [plain, tool] = readTaskItems(
  [
    '{"task":"addition","messages":[{"role":"user","content":"What is 7 + 8?"}],"answer":"15"}',
    '',
    '{"messages":[{"role":"user","content":"Add 1 and 2."}],"answer":{"name":"add","arguments":{"a":1,"b":2}},"tools":[{"type":"function","function":{"name":"add"}}]}',
  ].join('\n'),
);

const answering = (events: readonly GenerateEvent[]) => ({
  generate: async function* () {
    await Promise.resolve();
    yield* events;
  },
});
const text = (content: string): GenerateEvent => ({
  type: 'delta',
  channel: 'content',
  text: content,
  tokens: 1,
});
const call = (index: number, name: string, argumentsDelta: string): GenerateEvent => ({
  type: 'tool-call',
  index,
  id: `call-${index}`,
  name,
  argumentsDelta,
  tokens: 1,
});
const ask = (item: typeof plain, events: readonly GenerateEvent[]) => {
  if (item === undefined) throw new Error('no item');
  return askTask(answering(events), item, 'task-1', new AbortController().signal);
};

test('the bundled tasks can be read', () => {
  const path = new URL('../../../../resources/text/heldout-tasks.jsonl', import.meta.url);
  expect(readTaskItems(readFileSync(path, 'utf8'))).toHaveLength(712);
});

test('a line that is no task is refused by its number', async () => {
  const refusal = (jsonl: string) => thrownBy(() => Promise.resolve(readTaskItems(jsonl)));
  expect(await refusal('{"messages":[],"answer":"x"}')).toMatchObject({
    code: 'quality.bad-tasks',
    message: expect.stringContaining('Line 1') as unknown,
  });
  expect(await refusal('\n{')).toMatchObject({
    code: 'quality.bad-tasks',
    message: expect.stringContaining('Line 2') as unknown,
  });
  expect(await refusal('\n')).toMatchObject({ code: 'quality.bad-tasks' });
});

test('an answer counts after trimming and only as a whole; reasoning is not part of it', async () => {
  const thought: GenerateEvent = { type: 'delta', channel: 'reasoning', text: '8 + 7', tokens: 3 };
  expect(await ask(plain, [thought, text(' 1'), text('5\n')])).toEqual({ isCorrect: true, output: '15' });
  expect(await ask(plain, [text('It is 15')])).toEqual({ isCorrect: false, output: 'It is 15' });
});

test('a tool call counts by name and parsed arguments, and only alone', async () => {
  expect(await ask(tool, [call(0, 'add', '{"b": 2,'), call(0, 'add', ' "a": 1}')])).toMatchObject({
    isCorrect: true,
  });
  expect(await ask(tool, [call(0, 'add', '{"a": 1, "b": 3}')])).toMatchObject({ isCorrect: false });
  const twice = [call(0, 'add', '{"a": 1, "b": 2}'), call(1, 'add', '{"a": 1, "b": 2}')];
  expect(await ask(tool, twice)).toMatchObject({ isCorrect: false });
  expect(await ask(tool, [call(0, 'add', '{"a": 1')])).toMatchObject({ isCorrect: false });
});

test('flips decide, not the accuracies: 12 won and 34 lost is worse, 20 against 20 is not distinguishable', () => {
  const items = (lost: number, won: number) => [
    ...Array.from({ length: lost }, () => ({ task: 'a', base: true, candidate: false })),
    ...Array.from({ length: won }, () => ({ task: 'b', base: false, candidate: true })),
    ...Array.from({ length: 100 }, () => ({ task: 'b', base: true, candidate: true })),
  ];
  const worse = taskStatistics(items(34, 12));
  expect(worse).toMatchObject({ lost: 34, won: 12, verdict: 'worse' });
  expect(worse.pValue).toBeCloseTo(0.0016, 4);
  expect(worse.perTask).toEqual([
    { task: 'a', n: 34, base: 34, candidate: 0 },
    { task: 'b', n: 112, base: 100, candidate: 112 },
  ]);
  expect(taskStatistics(items(20, 20))).toMatchObject({ pValue: 1, verdict: 'not-distinguishable' });
});

// L. D. Brown, T. T. Cai and A. DasGupta (2001) and E. B. Wilson (1927): 0 of 10 gives [0, 0.278]
test('the Wilson interval stays inside 0 and 1', () => {
  expect(wilsonInterval(0, 10)).toMatchObject({ low: 0, high: expect.closeTo(0.2775, 4) as unknown });
  expect(wilsonInterval(508, 712)).toMatchObject({
    low: expect.closeTo(0.6792, 4) as unknown,
    high: expect.closeTo(0.7455, 4) as unknown,
  });
});
