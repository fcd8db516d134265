import type { FactGroup } from '../contract/imports.ts';
import type { Change, Delta, ReportDiff } from '../contract/report.ts';
import { formatFigure, UNKNOWN } from './format.ts';

/** What a cause is called where people read it. */
export const groupTitles: Readonly<Record<FactGroup, string>> = {
  driver: 'Driver',
  build: 'Build',
  flags: 'Engine settings',
  file: 'File',
  machine: 'Machine',
  settings: 'Settings of the run',
  workload: 'Workload',
  conditions: 'Conditions',
  measured: 'Measured',
};

/** Said where no cause is known: another tool's file tells little, so its silence is no sign of sameness. */
export const nothingChanged = ({ a, b }: ReportDiff): string =>
  a.kind === b.kind ? 'Nothing that Dyno knows of, but the time.' : 'Nothing that both of them tell.';

/** `Threads: 1 → 2`, with the model where it is not the only one. */
export const changeText = ({ group, model, name, a, b }: Change): string =>
  `${groupTitles[group]}${model === null ? '' : ` (${model})`}: ${name} ${a ?? UNKNOWN} → ${b ?? UNKNOWN}`;

/** A delta in a word and a shape, so that colour is never the only code; the reason where there is no verdict. */
export const deltaVerdict = ({
  verdict,
  ratio,
  reason,
}: Delta): { readonly shape: string; readonly text: string; readonly tone: 'better' | 'worse' | 'same' } => {
  const percent = `${formatFigure(Math.abs(ratio - 1) * 100)} %`;
  switch (verdict) {
    case 'better':
      return { shape: '▲', text: `${percent} better`, tone: 'better' };
    case 'worse':
      return { shape: '▼', text: `${percent} worse`, tone: 'worse' };
    case 'not-distinguishable':
      return {
        shape: '≈',
        text: reason === null ? 'no difference' : `not distinguishable: ${reason}`,
        tone: 'same',
      };
    case null:
      return { shape: UNKNOWN, text: `no verdict: ${reason ?? 'not comparable'}`, tone: 'same' };
    default:
      return verdict satisfies never;
  }
};

/** `1.02, 1.01 to 1.03`. */
export const ratioText = ({ ratio, low, high }: Delta): string =>
  low === null || high === null
    ? `${formatFigure(ratio)}×`
    : `${formatFigure(ratio)}×, 95 % interval ${formatFigure(low)} to ${formatFigure(high)}`;

/** A whole delta in a line. */
export const deltaText = (delta: Delta): string => {
  const { shape, text } = deltaVerdict(delta);
  const n = (count: number | null): string => (count === null ? '' : ` (n ${count})`);
  return `${delta.model} ${delta.test} ${delta.metric}: ${formatFigure(delta.a)}${n(delta.nA)} → ${formatFigure(delta.b)}${n(delta.nB)} ${delta.unit}, ${ratioText(delta)}, ${shape} ${text}`;
};
