import type { LoadRun } from '../../../shared/contract/load.ts';

/** Quotes a word for POSIX shells and PowerShell alike where it needs it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

const promptFlag = (prompts: LoadRun['prompts']): readonly string[] => {
  switch (prompts.type) {
    case 'corpus':
      return [];
    case 'random':
      return ['--prompts', 'random'];
    case 'file':
      return ['--prompts', prompts.path];
    default:
      return prompts satisfies never;
  }
};

const sloFlags = (slo: LoadRun['slo']): readonly string[] =>
  slo === null
    ? []
    : (['ttftMs', 'tpotMs', 'e2eMs'] as const).flatMap((name) =>
        slo[name] === undefined ? [] : ['--slo', `${name.replace('Ms', '')}=${slo[name]}`],
      );

const parameterText = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(',') : String(value);

/** The command line that repeats the run; a key or a header's value is never in it. */
export const loadRepeatCommand = (
  run: Pick<LoadRun, 'target' | 'shape' | 'prompts' | 'slo' | 'seed'>,
  given: Readonly<Record<string, unknown>>,
): string =>
  [
    'dyno',
    'load',
    ...(run.target.type === 'url'
      ? ['--url', run.target.url, ...(run.target.model === '' ? [] : ['--model', run.target.model])]
      : [run.target.model]),
    ...(run.target.type === 'url' && run.target.dialect !== 'auto' ? ['--dialect', run.target.dialect] : []),
    '--shape',
    run.shape,
    ...Object.entries(given).flatMap(([name, value]) => ['--param', `${name}=${parameterText(value)}`]),
    ...promptFlag(run.prompts),
    ...sloFlags(run.slo),
    '--seed',
    String(run.seed),
  ]
    .map(quoted)
    .join(' ');
