import type { LoadRun } from '../../../shared/contract/load.ts';
import { quoteWord, settingFlags } from '../command-words.ts';

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

const usualIdleTimeoutMs = 120_000;

/** The command line that repeats the run; a key or a header's value is never in it. */
export const loadRepeatCommand = (
  run: Pick<LoadRun, 'target' | 'shape' | 'prompts' | 'slo' | 'seed' | 'idleTimeoutMs'>,
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
    ...settingFlags(run.target.settings),
    ...promptFlag(run.prompts),
    ...sloFlags(run.slo),
    ...(run.idleTimeoutMs === usualIdleTimeoutMs ? [] : ['--timeout', String(run.idleTimeoutMs / 1000)]),
    '--seed',
    String(run.seed),
  ]
    .map(quoteWord)
    .join(' ');
