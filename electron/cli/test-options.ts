import type { Command } from 'commander';
import type { ApiTest, EngineTest } from '../../shared/contract/bench.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import {
  crossEngineTests,
  readApiTest,
  readEngineTest,
  readWholeNumbers,
} from '../../shared/units/test-text.ts';

/** Own tests as flags. */
export interface TestOptions {
  readonly pp?: string;
  readonly tg?: string;
  readonly depth?: string;
  readonly sequences?: string;
  readonly test: readonly string[];
  readonly profile: readonly string[];
}

export const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

export const addTestOptions = (command: Command): Command =>
  command
    .option('--pp <lengths>', 'own tests: tokens to prefill, e.g. 512,2048')
    .option('--tg <lengths>', 'own tests: tokens to decode, e.g. 128')
    .option('--depth <depths>', 'tokens in the cache before each --pp and --tg, e.g. 0,4096')
    .option('--sequences <counts>', 'sequences side by side in each --pp and --tg, e.g. 1,4')
    .option('--test <name>', 'one engine test by its name, e.g. tg128x4@d2048 (repeatable)', collect, [])
    .option(
      '--profile <name>',
      'one API test, name:parameter=value,… e.g. closed-loop:concurrency=8 (repeatable)',
      collect,
      [],
    );

const readList = (flag: string, text: string | undefined, least: number): readonly number[] => {
  const list = readWholeNumbers(text ?? '', least);
  if (list !== undefined && (text === undefined || list.length > 0)) return list;
  throw new AppError(
    'app.bad-input',
    `${flag} ${text ?? ''}: whole numbers from ${least}, separated by commas.`,
  );
};

const readEach = <T>(
  flag: string,
  texts: readonly string[],
  read: (text: string) => T | undefined,
  form: string,
) =>
  texts.map((text): T => {
    const value = read(text);
    if (value !== undefined) return value;
    throw new AppError('app.bad-input', `${flag} ${text} has not the form of a test.`, {
      hint: `Write it as ${form}.`,
    });
  });

/** The tests the flags name; nothing where no such flag is given. @throws AppError `app.bad-input` naming the flag */
export const readTestOptions = (
  options: TestOptions,
): { readonly engineTests?: EngineTest[]; readonly apiTests?: ApiTest[] } => {
  const lists = {
    prefill: readList('--pp', options.pp, 1),
    decode: readList('--tg', options.tg, 1),
    depths: readList('--depth', options.depth, 0),
    sequences: readList('--sequences', options.sequences, 1),
  };
  if (
    lists.prefill.length + lists.decode.length === 0 &&
    (options.depth ?? options.sequences) !== undefined
  ) {
    throw new AppError('app.bad-input', '--depth and --sequences belong to tests of their own.', {
      hint: 'Name lengths as well, e.g. --pp 512 --tg 128.',
    });
  }
  const engineTests = [
    ...crossEngineTests(lists),
    ...readEach('--test', options.test, readEngineTest, 'pp512, tg128x4 or tg128@d2048'),
  ];
  const apiTests = readEach('--profile', options.profile, readApiTest, 'closed-loop:concurrency=8');
  return {
    ...(engineTests.length > 0 && { engineTests }),
    ...(apiTests.length > 0 && { apiTests }),
  };
};
