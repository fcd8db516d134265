import type { Cell, ComparisonRow, MetricName } from '../../../shared/contract/bench.ts';
import type { Estimate } from '../../../shared/contract/common.ts';
import { writeEstimate } from '../../../shared/units/estimate.ts';
import { formatFigure, formatGib, UNKNOWN } from '../../../shared/units/format.ts';
import { speedVerdict } from '../../../shared/units/verdict.ts';
import { namesOf } from '../model-names.ts';
import { caveatsOf } from './caveats.ts';
import { conditionRows, engineRows, modelRows, workloadRows, type FactRow } from './facts.ts';
import { headlineMetrics, metricTitle } from './headline-metrics.ts';
import type { ReportData } from './report-data.ts';

/** Keeps user text from ending a table cell or starting markup. */
const escape = (text: string): string => text.replaceAll(/([\\|*_`<>[\]])/g, '\\$1').replaceAll(/\s+/g, ' ');

const table = (heads: readonly string[], rows: readonly (readonly string[])[], left = 1): string =>
  [
    `| ${heads.join(' | ')} |`,
    `| ${heads.map((_head, index) => (index < left ? ':--' : '--:')).join(' | ')} |`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');

const figure = (estimate: Estimate | null | undefined): string => {
  if (estimate === null || estimate === undefined) return UNKNOWN;
  const { value, spread, n } = writeEstimate(estimate);
  return `${value}${spread === null ? '' : ` ± ${spread}`} (n ${n})`;
};

const against = ({ isBase, decodeRatio }: ComparisonRow): string => {
  if (isBase) return 'base';
  if (decodeRatio === null) return UNKNOWN;
  const { shape, text } = speedVerdict(decodeRatio.ratio, decodeRatio.verdict);
  return `${shape} ${text}`;
};

const comparisonTable = ({ comparison }: ReportData): string =>
  table(
    [
      'model',
      'size GiB',
      'bpw',
      'prefill t/s',
      'decode t/s',
      'decode vs base',
      'TTFT ms',
      'API decode t/s',
      'serving overhead %',
      'shared t/s',
      'memory GiB',
      'trust',
    ],
    comparison.rows.map((row) => [
      escape(`${row.name} ${row.quantization}`),
      formatGib(row.sizeBytes),
      formatFigure(row.bitsPerWeight),
      figure(row.prefillTps),
      figure(row.decodeTps),
      against(row),
      figure(row.ttftMs),
      figure(row.apiDecodeTps),
      formatFigure(row.servingOverheadPercent),
      figure(row.systemTps),
      formatGib(row.peakResidentBytes),
      row.trust?.level ?? UNKNOWN,
    ]),
  );

const titleOf = (cell: Cell, metric: MetricName): string => {
  const { name, unit } = metricTitle(cell, metric);
  return `${name}, ${unit}`;
};

const cellLines = (cell: Cell, name: string): readonly (readonly string[])[] =>
  headlineMetrics(cell).map(([metric, estimate]) => [
    escape(name),
    `${cell.ladder} · ${cell.test}`,
    titleOf(cell, metric),
    formatFigure(estimate.median),
    estimate.ciLow === null || estimate.ciHigh === null
      ? `${formatFigure(estimate.min)} to ${formatFigure(estimate.max)} (range)`
      : `${formatFigure(estimate.ciLow)} to ${formatFigure(estimate.ciHigh)}`,
    estimate.cv === null ? UNKNOWN : `${formatFigure(estimate.cv * 100)} %`,
    `${estimate.n}`,
    `${cell.counts.warmups}`,
  ]);

const factList = (rows: readonly FactRow[]): string =>
  rows.map(({ name, value }) => `- ${escape(name)}: ${escape(value)}`).join('\n');

/** A report for issue trackers, wikis and chats. */
export const renderMarkdown = (data: ReportData): string => {
  const { run, comparison } = data;
  const nameOf = namesOf(run.models);
  const done = run.cells.filter((cell) => cell.state === 'done');
  return `${[
    `# ${escape(run.name)}`,
    ...(comparison.pick === null ? [] : [`**${escape(comparison.pick.sentence)}**`]),
    comparisonTable(data),
    'Figures are medians ± one standard deviation over n repetitions.',
    ...comparison.differences.map((difference) => `> ${escape(difference)}`),
    '## Every cell',
    table(
      ['model', 'test', 'metric', 'median', '95 % interval', 'CV', 'n', 'warm-ups'],
      done.flatMap((cell) => cellLines(cell, nameOf(cell.modelId))),
      3,
    ),
    '## Trust',
    run.trust === null
      ? 'Nothing was measured.'
      : [
          `Level: **${run.trust.level}**`,
          ...run.trust.reasons.map((reason) => `- ${reason.level}: ${escape(reason.message)}`),
        ].join('\n'),
    '## Workload',
    factList(workloadRows(data)),
    '## Machine and conditions',
    factList(conditionRows(data)),
    ...run.models.flatMap((model) => [
      `## ${escape(nameOf(model.modelId))}`,
      factList([...modelRows(model), ...engineRows(model)]),
    ]),
    '## Read with care',
    caveatsOf(data)
      .map((caveat) => `- ${caveat}`)
      .join('\n'),
    '## Repeat',
    `\`\`\`sh\n${run.repeatCommand}\n\`\`\``,
    `Dyno ${run.dynoVersion}, formulas version ${run.metricsVersion}, content SHA-256 \`${data.contentHash}\``,
  ].join('\n\n')}\n`;
};
