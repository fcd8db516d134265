import type { JudgeWish } from '../../shared/contract/bench-judge.ts';
import { apiTestText, engineTestName } from '../../shared/units/test-text.ts';
import type { BenchInput } from './plan.ts';

const flags: readonly (readonly [keyof NonNullable<BenchInput['settings']>, string])[] = [
  ['contextSize', '--context'],
  ['slots', '--slots'],
  ['threads', '--threads'],
  ['batchSize', '--batch'],
  ['flashAttention', '--flash-attention'],
  ['kvKeyType', '--kv-type'],
  ['gpuLayers', '--gpu-layers'],
];

/** Quotes a word for POSIX shells and PowerShell alike where it needs it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

const judgeFlags = ({ text, tasks, maxWindows }: JudgeWish): readonly string[] => [
  ...(text === 'bundled' ? [] : ['--text', text]),
  ...(tasks === 'none' ? [] : tasks === 'bundled' ? ['--tasks'] : ['--tasks', tasks]),
  ...(maxWindows === undefined ? [] : ['--windows', String(maxWindows)]),
];

/**
 * The command line that starts the same run again: models by id, every flag the user gave.
 * @param modelIds of the models that were given; those the run makes are in `input.make`
 */
export const repeatCommandOf = (input: BenchInput, modelIds: readonly string[]): string => {
  const settings = input.settings ?? {};
  const given = flags.flatMap(([key, flag]) => {
    const value = settings[key];
    return value === undefined ? [] : [flag, String(value)];
  });
  const { judge, make } = input;
  return [
    'dyno',
    judge === undefined ? 'bench' : 'shootout',
    ...modelIds,
    ...(make === undefined ? [] : [judge === undefined ? '--make' : '--types', make.join(',')]),
    ...(judge === undefined ? [] : judgeFlags(judge)),
    '--preset',
    input.preset,
    ...(input.engineTests ?? []).flatMap((test) => ['--test', engineTestName(test)]),
    ...(input.apiTests ?? []).flatMap((test) => ['--profile', apiTestText(test)]),
    ...(input.repetitions === undefined ? [] : ['--repetitions', String(input.repetitions)]),
    ...(input.seed === undefined ? [] : ['--seed', String(input.seed)]),
    ...(input.name === undefined ? [] : ['--name', input.name]),
    ...given,
    ...(settings.useMmap === false ? ['--no-mmap'] : []),
  ]
    .map(quoted)
    .join(' ');
};
