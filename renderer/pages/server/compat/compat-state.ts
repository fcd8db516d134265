import type { CompatEvent, CompatResult } from '../../../../shared/contract/compat.ts';
import type { Problem } from '../../../transport/problem.ts';

/** A run of the checks as the page holds it. */
export interface CompatState {
  readonly phase: 'idle' | 'running' | 'ended' | 'stopped';
  /** Checks there are; 0 until the server has named its model. */
  readonly total: number;
  readonly model: string | null;
  readonly results: readonly CompatResult[];
  readonly problem: Problem | null;
}

export const idleCompat: CompatState = { phase: 'idle', total: 0, model: null, results: [], problem: null };

export type CompatAct =
  | { readonly type: 'asked' }
  | { readonly type: 'received'; readonly event: CompatEvent }
  | { readonly type: 'ended' }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly problem: Problem };

export const reduceCompat = (state: CompatState, act: CompatAct): CompatState => {
  switch (act.type) {
    case 'asked':
      return { ...idleCompat, phase: 'running' };
    case 'received':
      return act.event.type === 'started'
        ? { ...state, model: act.event.model, total: act.event.checks }
        : { ...state, results: [...state.results, act.event.result] };
    case 'ended':
    case 'stopped':
      return { ...state, phase: act.type };
    case 'failed':
      return { ...state, phase: 'ended', problem: act.problem };
    default:
      return act satisfies never;
  }
};

/** `41 of 46 checks passed, 2 failed, 3 found no such route.` */
export const compatSummary = (results: readonly CompatResult[]): string => {
  const count = (outcome: CompatResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  return `${count('passed')} of ${results.length} checks passed, ${count('failed')} failed, ${count('missing')} found no such route.`;
};

export const outcomeWords: Readonly<Record<CompatResult['outcome'], string>> = {
  passed: '● passed',
  failed: '✕ failed',
  missing: '○ no such route',
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** The table as Markdown, to paste into an issue of the server that was asked. */
export const compatMarkdown = (url: string, { model, results }: CompatState): string =>
  [
    `${url}, model ${model ?? 'unknown'}: ${compatSummary(results)}`,
    '',
    '| check | result | ms | what it is | found |',
    '|---|---|---:|---|---|',
    ...results.map(
      ({ id, outcome, ms, title, found }) =>
        `| ${id} | ${outcome} | ${ms} | ${cell(title)} | ${cell(found ?? '')} |`,
    ),
  ].join('\n');
