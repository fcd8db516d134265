import type { Fact, FactGroup } from '../../../../shared/contract/imports.ts';
import type { Change, Delta, ReportDiff } from '../../../../shared/contract/report.ts';
import { metricDefinitions } from '../../../../shared/metrics/definitions.ts';
import { formatFigure } from '../../../../shared/units/format.ts';
import { floorShare } from '../../verdicts/noise-floor.ts';
import { judgeArms, type ArmJudgement } from '../../stats/judge-arms.ts';
import { isJudgeable } from '../../stats/judge-speed.ts';
import { metricTitle } from '../headline-metrics.ts';
import type { DiffFigure, DiffSource } from './diff-source.ts';

/** Causes in the order a person would look for them; results are no causes. */
const groupOrder: readonly FactGroup[] = [
  'driver',
  'build',
  'flags',
  'file',
  'machine',
  'settings',
  'workload',
  'conditions',
];

/** Facts by name; a name that stands twice (two GPUs) keeps both values. */
const byName = (facts: readonly Fact[]): ReadonlyMap<string, { group: FactGroup; value: string }> =>
  new Map(
    [...Map.groupBy(facts, ({ group, name }) => `${group} ${name}`)].map(([key, own]) => [
      key,
      { group: own[0]?.group ?? 'measured', value: own.map(({ value }) => value).join('; ') },
    ]),
  );

/** What only one side says. Between a measured run and another tool's file that is silence, not a change. */
const isSilence = (change: Change): boolean => change.a === null || change.b === null;

const silenceOf = (changes: readonly Change[], side: 'a' | 'b'): readonly string[] => {
  const names = [...new Set(changes.filter((change) => change[side] === null).map(({ name }) => name))];
  return names.length === 0 ? [] : [`${side.toUpperCase()} does not say: ${names.join(', ')}.`];
};

const changesOf = (a: readonly Fact[], b: readonly Fact[], model: string | null): readonly Change[] => {
  const [left, right] = [byName(a), byName(b)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => {
    const [one, two] = [left.get(key), right.get(key)];
    const group = one?.group ?? two?.group ?? 'measured';
    if (one?.value === two?.value || group === 'measured') return [];
    return [
      { group, model, name: key.slice(group.length + 1), a: one?.value ?? null, b: two?.value ?? null },
    ];
  });
};

interface Pair {
  readonly label: string;
  readonly a: string;
  readonly b: string;
}

/** Models of the same label; a single one on each side is a pair whatever it is called, for its file is what changed. */
const pairModels = (a: DiffSource, b: DiffSource): readonly Pair[] => {
  const [onlyA, onlyB] = [a.models[0], b.models[0]];
  if (a.models.length === 1 && b.models.length === 1 && onlyA !== undefined && onlyB !== undefined) {
    const label = onlyA.label === onlyB.label ? onlyA.label : `${onlyA.label} → ${onlyB.label}`;
    return [{ label, a: onlyA.modelId, b: onlyB.modelId }];
  }
  return a.models.flatMap((model) => {
    const other =
      b.models.find(({ modelId }) => modelId === model.modelId) ??
      b.models.find(({ label }) => label === model.label);
    return other === undefined ? [] : [{ label: model.label, a: model.modelId, b: other.modelId }];
  });
};

/** Why no verdict is legal, by docs/metrics.md; `null` when one is. */
const obstacleOf = (a: DiffFigure, b: DiffFigure): string | null => {
  if (a.formulas !== b.formulas) return `${a.formulas} against ${b.formulas}`;
  if (a.workloadHash !== b.workloadHash) return 'another workload';
  if (a.statistic !== b.statistic) return `a ${a.statistic} against a ${b.statistic}`;
  return isJudgeable(a.values, b.values) ? null : 'fewer than 4 repetitions are known on a side';
};

/** The larger floor of the two sides: each says how far apart equal arms come out where it was measured. */
const floorOf = (sides: readonly DiffSource[], { ladder, metric }: DiffFigure): number | null => {
  const known = sides.flatMap(({ noiseFloor }) => floorShare(noiseFloor, ladder, metric) ?? []);
  return known.length === 0 ? null : Math.max(...known);
};

interface Judged {
  readonly model: string;
  readonly a: DiffFigure;
  readonly b: DiffFigure;
  readonly floor: number | null;
}

/** What is to be said of a verdict that claims nothing, beyond that the test finds nothing. */
const floorReason = (judged: ArmJudgement | null, floor: number | null): string | null => {
  if (floor === null || (judged?.reason !== 'below-floor' && judged?.reason !== 'equal')) return null;
  const where = judged.reason === 'equal' ? 'within' : 'below';
  return `${where} the noise floor of ${formatFigure(floor * 100)} %`;
};

const deltaOf = ({ model, a, b, floor }: Judged): Delta => {
  const obstacle = obstacleOf(a, b);
  const isHigherBetter = metricDefinitions[a.metric].better === 'higher';
  const judged = obstacle === null ? judgeArms(b.values, a.values, { isHigherBetter, floor }) : null;
  const ratio = judged?.medians.ratio;
  const { name, unit } = metricTitle(a, a.metric);
  return {
    model,
    ladder: a.ladder,
    test: a.test,
    metric: name,
    unit,
    a: a.value,
    b: b.value,
    nA: a.n,
    nB: b.n,
    ratio: ratio?.value ?? b.value / a.value,
    low: ratio?.low ?? null,
    high: ratio?.high ?? null,
    verdict: judged?.verdict ?? null,
    reason: obstacle ?? floorReason(judged, floor),
    floor,
  };
};

/** Whether the verdicts know how far apart equal arms come out on the machine; nothing where none is given. */
const floorRemark = (deltas: readonly Delta[]): readonly string[] => {
  const judged = deltas.filter(({ verdict }) => verdict !== null);
  if (judged.length === 0) return [];
  return judged.some(({ floor }) => floor !== null)
    ? ['A difference within the noise floor of the machine is not claimed.']
    : [
        'No noise floor is known for these machines, so a difference counts once the test finds it: "dyno calibrate" measures one.',
      ];
};

const keyOf = ({ ladder, test, metric }: DiffFigure): string => `${ladder} ${test} ${metric}`;

/**
 * What changed from a to b: causes first (driver, build, flags, file, machine, settings, workload), then every figure
 * both sides have. A verdict is given only where formulas and workload are equal. Pure.
 */
export const diffSources = (a: DiffSource, b: DiffSource): ReportDiff => {
  const pairs = pairModels(a, b);
  const isSingle = pairs.length === 1;
  const found = [
    ...changesOf(a.facts, b.facts, null),
    ...pairs.flatMap((pair) =>
      changesOf(
        a.models.find(({ modelId }) => modelId === pair.a)?.facts ?? [],
        b.models.find(({ modelId }) => modelId === pair.b)?.facts ?? [],
        isSingle ? null : pair.label,
      ),
    ),
  ].toSorted((one, two) => groupOrder.indexOf(one.group) - groupOrder.indexOf(two.group));
  const isMixed = a.head.kind !== b.head.kind;
  const matched = new Set<DiffFigure>();
  const deltas = pairs.flatMap((pair) => {
    const others = new Map(
      b.figures.filter(({ modelId }) => modelId === pair.b).map((figure) => [keyOf(figure), figure]),
    );
    return a.figures.flatMap((figure) => {
      const other = figure.modelId === pair.a ? others.get(keyOf(figure)) : undefined;
      if (other === undefined) return [];
      matched.add(figure).add(other);
      return [deltaOf({ model: pair.label, a: figure, b: other, floor: floorOf([a, b], figure) })];
    });
  });
  const leftOf = (source: DiffSource, side: string): readonly string[] =>
    source.figures
      .filter((figure) => !matched.has(figure))
      .map(
        (figure) =>
          `${side}: ${source.models.find(({ modelId }) => modelId === figure.modelId)?.label ?? figure.modelId} ${figure.test} ${metricTitle(figure, figure.metric).name}`,
      );
  return {
    a: a.head,
    b: b.head,
    changes: isMixed ? found.filter((change) => !isSilence(change)) : found,
    deltas,
    unmatched: [...new Set([...leftOf(a, 'only in A'), ...leftOf(b, 'only in B')])],
    remarks: [
      ...a.remarks.map((remark) => `A: ${remark}`),
      ...b.remarks.map((remark) => `B: ${remark}`),
      ...(isMixed ? [...silenceOf(found, 'a'), ...silenceOf(found, 'b')] : []),
      ...floorRemark(deltas),
    ],
  };
};
