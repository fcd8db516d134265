import { describe, expect, it } from 'vitest';
import {
  apiTestText,
  crossEngineTests,
  engineTestName,
  readApiTest,
  readEngineTest,
  readWholeNumbers,
} from '../../../shared/units/test-text.ts';

describe('an engine test as text', () => {
  it.each(['pp512', 'tg128x4', 'pp2048@d8192', 'tg1x256@d1'])('%s reads back as what was written', (name) => {
    const test = readEngineTest(name);
    expect(test && engineTestName(test)).toBe(name);
  });

  it.each(['', 'pp', 'pp0', 'xx12', 'pp512@4096', 'tg128 x4', 'pp-5', 'tg1.5'])('“%s” is none', (name) => {
    expect(readEngineTest(name)).toBeUndefined();
  });

  it('crosses lengths, depths and sequences, prefill first, each test once', () => {
    const tests = crossEngineTests({
      prefill: [512, 512],
      decode: [128],
      depths: [0, 4096],
      sequences: [1, 4],
    });
    expect(tests.map(engineTestName)).toEqual([
      'pp512',
      'pp512x4',
      'pp512@d4096',
      'pp512x4@d4096',
      'tg128',
      'tg128x4',
      'tg128@d4096',
      'tg128x4@d4096',
    ]);
  });

  it('measures at depth 0 with one sequence where nothing else is said', () => {
    const [test] = crossEngineTests({ prefill: [], decode: [64], depths: [], sequences: [] });
    expect(test).toEqual({ kind: 'decode', tokens: 64, depth: 0, sequences: 1 });
  });
});

describe('a list of numbers', () => {
  it.each([
    ['512, 2048', [512, 2048]],
    [' 1 2,3 ', [1, 2, 3]],
    ['', []],
    ['512;2048', undefined],
    ['0', undefined],
    ['1e3', undefined],
  ])('“%s” reads as %j', (text, list) => {
    expect(readWholeNumbers(text, 1)).toEqual(list);
  });
});

describe('an API test as text', () => {
  it('takes numbers, words and flags, and reads back as what was written', () => {
    const text = 'open-loop:rate=2.5,arrivals=poisson,isWarm=true';
    const test = readApiTest(text);
    expect(test).toEqual({
      profile: 'open-loop',
      parameters: { rate: 2.5, arrivals: 'poisson', isWarm: true },
    });
    expect(test && apiTestText(test)).toBe(text);
  });

  it('may have no parameters', () => {
    expect(readApiTest('single-stream')).toEqual({ profile: 'single-stream', parameters: {} });
  });

  it.each(['', ':a=1', 'closed-loop:concurrency', 'closed-loop:=4', 'closed-loop:concurrency='])(
    '“%s” is none',
    (text) => {
      expect(readApiTest(text)).toBeUndefined();
    },
  );
});
