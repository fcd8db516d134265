import type { JudgeWish } from '../../../shared/contract/bench-judge.ts';
import { apiTestText, engineTestName } from '../../../shared/units/test-text.ts';
import { flagOfSetting, quoteWord, settingFlags } from '../command-words.ts';
import type { BenchInput } from './plan.ts';

const judgeFlags = ({ text, tasks, maxWindows }: JudgeWish): readonly string[] => [
  ...(text === 'bundled' ? [] : ['--text', text]),
  ...(tasks === 'none' ? [] : tasks === 'bundled' ? ['--tasks'] : ['--tasks', tasks]),
  ...(maxWindows === undefined ? [] : ['--windows', String(maxWindows)]),
];

/** `--a threads=1 --b threads=2`: the flags' names without their dashes. */
const ownFlags = ({ ownSettings = [] }: BenchInput): readonly string[] =>
  ownSettings.flatMap((settings, index) =>
    [...flagOfSetting, ['useMmap', '--mmap'] as const].flatMap(([key, flag]) =>
      settings[key] === undefined
        ? []
        : [index === 0 ? '--a' : '--b', `${flag.slice(2)}=${String(settings[key])}`],
    ),
  );

const untilFlags = ({ untilDecided }: BenchInput): readonly string[] =>
  untilDecided === undefined
    ? []
    : [
        ...['--max-repetitions', String(untilDecided.maxRepetitions)],
        ...['--max-minutes', String(untilDecided.maxMinutes)],
        ...['--smallest', String(untilDecided.smallestDifference * 100)],
      ];

/** The subcommand that makes such runs. */
const verbOf = ({ judge, untilDecided }: BenchInput): string =>
  untilDecided !== undefined ? 'compare' : judge !== undefined ? 'shootout' : 'bench';

/**
 * The command line that starts the same run again: models by id, every flag the user gave.
 * @param modelIds of the models that were given; those the run makes are in `input.make`
 */
export const repeatCommandOf = (
  input: BenchInput,
  modelIds: readonly string[],
  { isCalibration = false } = {},
): string => {
  if (isCalibration) {
    return ['dyno', 'calibrate', '--model', modelIds[0] ?? '', '--arms', String(modelIds.length)]
      .concat(['--repetitions', String(input.repetitions ?? '')])
      .map(quoteWord)
      .join(' ');
  }
  const { imatrixText, judge, make } = input;
  return [
    'dyno',
    verbOf(input),
    ...(input.untilDecided === undefined ? new Set(modelIds) : modelIds),
    ...ownFlags(input),
    ...untilFlags(input),
    ...(make === undefined ? [] : [judge === undefined ? '--make' : '--types', make.join(',')]),
    ...(imatrixText === undefined ? [] : ['--imatrix-text', imatrixText]),
    ...(judge === undefined ? [] : judgeFlags(judge)),
    '--preset',
    input.preset,
    ...(input.engineTests ?? []).flatMap((test) => ['--test', engineTestName(test)]),
    ...(input.apiTests ?? []).flatMap((test) => ['--profile', apiTestText(test)]),
    ...(input.repetitions === undefined ? [] : ['--repetitions', String(input.repetitions)]),
    ...(input.seed === undefined ? [] : ['--seed', String(input.seed)]),
    ...(input.name === undefined ? [] : ['--name', input.name]),
    ...settingFlags(input.settings ?? {}),
  ]
    .map(quoteWord)
    .join(' ');
};
