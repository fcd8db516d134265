import type { Fact } from '../../../../shared/contract/imports.ts';
import type { LoadRun } from '../../../../shared/contract/load.ts';
import { sloText } from '../../../../shared/units/load-facts.ts';
import { factsOf } from '../facts/fact.ts';

const workload = factsOf('workload');
const settings = factsOf('settings');
const build = factsOf('build');

const promptsText = (prompts: LoadRun['prompts']): string => {
  switch (prompts.type) {
    case 'corpus':
      return 'bundled text';
    case 'random':
      return 'random ids';
    case 'file':
      return prompts.path;
    default:
      return prompts satisfies never;
  }
};

const valueText = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(String).join(', ')
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

/** What was asked, and how the target was spoken to. */
export const loadWorkloadFacts = (run: LoadRun): readonly Fact[] => [
  workload('Shape', `${run.shape}: ${run.description}`),
  ...Object.entries(run.parameters).map(([name, value]) => workload(name, valueText(value))),
  workload('Prompts', promptsText(run.prompts)),
  workload('Service level', run.slo === null ? 'none' : sloText(run.slo)),
  workload('Seed', run.seed),
  workload('Silence that fails a request', `${run.idleTimeoutMs / 1000} s`),
];

/** The server as it was found. */
export const loadTargetFacts = ({ target, dynoVersion, machine }: LoadRun): readonly Fact[] => [
  settings('Target', target.type === 'model' ? 'a model behind Dyno’s own server' : target.url),
  settings('Model', target.model),
  ...(target.isSynthetic ? [settings('Weights', 'random: the file is synthetic')] : []),
  settings('Dialect', target.dialect),
  settings('Server', target.server),
  settings(
    'Headers sent',
    target.headerNames.length === 0 ? 'none of its own' : target.headerNames.join(', '),
  ),
  ...Object.entries(target.settings).map(([name, value]) => settings(name, valueText(value))),
  build('Dyno', dynoVersion),
  ...(target.type === 'model' && machine !== null && machine.llama !== null
    ? [build('llama.cpp', `${machine.llama.llamaCppRelease}, ${machine.llama.backend}`)]
    : []),
];
