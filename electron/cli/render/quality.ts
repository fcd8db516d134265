import type { PackInfo, QualityResult } from '../../../shared/contract/quality.ts';
import { kldInWords } from '../../../shared/metrics/kld-ladder.ts';
import { formatCount, formatFigure, formatGib, UNKNOWN } from '../../../shared/units/format.ts';
import { formatPValue, formatScoredMean } from '../../../shared/units/scored-mean.ts';
import { renderFacts, renderTable, type Column } from './table.ts';

/** A lower bound says so at the figure itself. */
const atLeast = ({ text }: QualityResult): string => (text.kld.kind === 'exact' ? '' : '≥ ');

const columns: readonly Column<QualityResult>[] = [
  { head: 'type', cell: ({ candidate }) => candidate.quantization },
  { head: 'size GiB', align: 'right', cell: ({ candidate }) => formatGib(candidate.sizeBytes) },
  { head: 'bpw', align: 'right', cell: ({ candidate }) => formatFigure(candidate.bitsPerWeight) },
  { head: 'PPL', align: 'right', cell: ({ text }) => formatScoredMean(text.ppl) },
  { head: 'ln ratio', align: 'right', cell: ({ text }) => formatScoredMean(text.logRatio) },
  {
    head: 'mean KLD nats',
    align: 'right',
    cell: (result) => `${atLeast(result)}${formatScoredMean(result.text.kld.mean)}`,
  },
  {
    head: 'median',
    align: 'right',
    cell: (result) => atLeast(result) + formatFigure(result.text.kld.median),
  },
  { head: 'p99', align: 'right', cell: (result) => atLeast(result) + formatFigure(result.text.kld.p99) },
  { head: 'max', align: 'right', cell: (result) => atLeast(result) + formatFigure(result.text.kld.max) },
  { head: 'Δp RMS %', align: 'right', cell: ({ text }) => formatScoredMean(text.deltaP.rms, 100) },
  { head: 'same top %', align: 'right', cell: ({ text }) => formatScoredMean(text.sameTop, 100) },
  {
    head: 'tasks %',
    align: 'right',
    cell: ({ tasks }) => (tasks === null ? UNKNOWN : formatFigure(100 * tasks.candidate.share)),
  },
  {
    head: 'lost/won',
    align: 'right',
    cell: ({ tasks }) => (tasks === null ? UNKNOWN : `${tasks.lost}/${tasks.won}`),
  },
  {
    head: 'p',
    align: 'right',
    cell: ({ tasks }) => (tasks === null ? UNKNOWN : formatPValue(tasks.pValue)),
  },
];

const verdicts = {
  better: 'better than the base',
  worse: 'worse than the base',
  'not-distinguishable': 'not distinguishable from the base',
} as const;

const tasksLine = ({ candidate, tasks }: QualityResult): readonly string[] => {
  if (tasks === null) return [];
  const { base, candidate: own, verdict } = tasks;
  const interval = `${formatFigure(100 * own.low)} to ${formatFigure(100 * own.high)}`;
  return [
    `${candidate.quantization}: ${formatFigure(100 * own.share)} % of ${formatCount(own.n)} tasks (95 % CI ${interval}), base ${formatFigure(100 * base.share)} %: ${verdicts[verdict]}.`,
  ];
};

const conditionsOf = ({ base, text }: QualityResult): string => {
  const { windowCount, contextSize } = text.protocol;
  return `Base ${base.modelId} (${base.quantization}), PPL ${formatScoredMean(text.pplBase)}; ${text.text.name}, ${windowCount} windows of ${contextSize} tokens, n ${formatCount(text.n)}.`;
};

/** Results as a table, with what a figure means beside it. */
export const renderQuality = (results: readonly QualityResult[]): string => {
  const conditions = [...new Set(results.map(conditionsOf))];
  const caveats = new Set(results.flatMap(({ caveats: own }) => own));
  return [
    ...conditions,
    '',
    renderTable(columns, results),
    '± is one standard error by block bootstrap over windows; tasks are paired item by item, p is McNemar’s exact test.',
    '',
    ...results.map(
      ({ candidate, text }) => `${candidate.quantization}: a mean KLD of ${kldInWords(text.kld)}.`,
    ),
    ...results.flatMap(tasksLine),
    ...caveats,
  ].join('\n');
};

export const renderPack = (pack: PackInfo): string =>
  renderFacts([
    ['pack', pack.path],
    ['size', `${formatGib(pack.sizeBytes)} GiB`],
    ['base', `${pack.base.name} (${pack.base.quantization}), SHA-256 ${pack.base.sha256}`],
    ['text', `${pack.text.name}, SHA-256 ${pack.text.sha256}`],
    ['windows', `${pack.windowCount} of ${pack.contextSize} tokens`],
    [
      'kept',
      `${pack.topK} tokens per position, ${(100 * pack.capturedMass).toFixed(2)} % of the probability`,
    ],
  ]);
