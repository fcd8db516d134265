import type { ApiTest, EngineTest } from '../../../shared/contract/bench.ts';
import { crossEngineTests, readApiTest, readWholeNumbers } from '../../../shared/units/test-text.ts';

/** What stands in the fields for tests of one's own; all empty: the preset's tests apply. */
export interface OwnTestsText {
  readonly prefill: string;
  readonly decode: string;
  readonly depths: string;
  readonly sequences: string;
  /** A load profile with its parameters per line. */
  readonly api: string;
}

export const noOwnTests: OwnTestsText = { prefill: '', decode: '', depths: '', sequences: '', api: '' };

export interface OwnTests {
  readonly engineTests: readonly EngineTest[];
  readonly apiTests: readonly ApiTest[];
  /** What is wrong, by field. */
  readonly problems: Partial<Readonly<Record<keyof OwnTestsText, string>>>;
}

/** The tests the fields describe. */
export const readOwnTests = (text: OwnTestsText): OwnTests => {
  const problems: Partial<Record<keyof OwnTestsText, string>> = {};
  const numbers = (
    field: 'prefill' | 'decode' | 'depths' | 'sequences',
    least: number,
  ): readonly number[] => {
    const list = readWholeNumbers(text[field], least);
    if (list === undefined) problems[field] = `Whole numbers from ${least}, separated by commas.`;
    return list ?? [];
  };
  const lists = {
    prefill: numbers('prefill', 1),
    decode: numbers('decode', 1),
    depths: numbers('depths', 0),
    sequences: numbers('sequences', 1),
  };
  const apiTests = text.api
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const test = readApiTest(line);
      if (test === undefined) problems.api = `“${line.trim()}”: write it as closed-loop:concurrency=8.`;
      return test ?? [];
    });
  return { engineTests: crossEngineTests(lists), apiTests, problems };
};
