import type { Cell, ComparisonRow, MetricName } from '../../../shared/contract/bench.ts';
import type { QualityFigures } from '../../../shared/contract/bench-judge.ts';
import type { Estimate } from '../../../shared/contract/common.ts';
import type { ImportedFigure, ImportedRun } from '../../../shared/contract/imports.ts';
import type { Report, ReportedRun } from '../../../shared/contract/report.ts';
import { changeText, deltaText, nothingChanged } from '../../../shared/units/diff-text.ts';
import {
  energyDevices,
  energyNote,
  energyRows,
  rowEnergyOf,
  writeEnergy,
  writeRowEnergy,
} from '../../../shared/units/energy.ts';
import { writeEstimate } from '../../../shared/units/estimate.ts';
import { formatFigure, formatGib, UNKNOWN } from '../../../shared/units/format.ts';
import { speedVerdict } from '../../../shared/units/verdict.ts';
import { namesOf } from '../model-names.ts';
import { conditionFacts, machineFacts } from './facts/condition-facts.ts';
import { engineFacts, fileFacts } from './facts/model-facts.ts';
import { sentRows, workloadFacts } from './facts/workload-facts.ts';
import { headlineMetrics, metricTitle } from './headline-metrics.ts';
import { escape, factList, listOf, table } from './markdown/parts.ts';
import { outlierLines, outlierNote } from './outlier-lines.ts';
import { rowNamesOf, runLettersOf, titleOf } from './report-names.ts';
import { sealSlot } from './seal.ts';
import { verdictLine } from './verdict-line.ts';
import { verdictTable } from './verdict-table.ts';
import { toolNames } from '../../../shared/units/tool-names.ts';

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

const judged = (quality: QualityFigures | null, name: 'kld' | 'ppl'): string =>
  quality === null
    ? UNKNOWN
    : `${formatFigure(quality[name].value)} ± ${formatFigure(quality[name].standardError)} (n ${quality.n})`;

const comparisonTable = (report: Report): string => {
  const hasQuality = report.comparison.rows.some(({ quality }) => quality !== null);
  const devices = energyDevices(report.comparison.rows);
  const nameOf = rowNamesOf(report);
  return table(
    [
      'model',
      'size GiB',
      'bpw',
      'prefill t/s',
      'decode t/s',
      'decode vs base',
      ...(hasQuality ? ['KLD nats', 'PPL'] : []),
      'TTFT ms',
      'API decode t/s',
      'serving overhead %',
      'shared t/s',
      'memory GiB',
      ...devices.map((device) => `${device} J/token`),
      'trust',
    ],
    report.comparison.rows.map((row) => [
      escape(report.runs.length > 1 ? nameOf(row.runId, row.modelId) : `${row.name} ${row.quantization}`),
      formatGib(row.sizeBytes),
      formatFigure(row.bitsPerWeight),
      figure(row.prefillTps),
      figure(row.decodeTps),
      against(row),
      ...(hasQuality ? [judged(row.quality, 'kld'), judged(row.quality, 'ppl')] : []),
      figure(row.ttftMs),
      figure(row.apiDecodeTps),
      formatFigure(row.servingOverheadPercent),
      figure(row.systemTps),
      formatGib(row.peakResidentBytes),
      ...devices.map((device) => writeRowEnergy(rowEnergyOf(row, device))),
      row.trust?.level ?? UNKNOWN,
    ]),
  );
};

const metricText = (cell: Pick<Cell, 'ladder'>, metric: MetricName): string => {
  const { name, unit } = metricTitle(cell, metric);
  return `${name}, ${unit}`;
};

const cellLines = (cell: Cell, name: string): readonly (readonly string[])[] =>
  headlineMetrics(cell).map(([metric, estimate]) => [
    escape(name),
    `${cell.ladder} · ${cell.test}`,
    metricText(cell, metric),
    formatFigure(estimate.median),
    estimate.ciLow === null || estimate.ciHigh === null
      ? `${formatFigure(estimate.min)} to ${formatFigure(estimate.max)} (range)`
      : `${formatFigure(estimate.ciLow)} to ${formatFigure(estimate.ciHigh)}`,
    estimate.cv === null ? UNKNOWN : `${formatFigure(estimate.cv * 100)} %`,
    `${estimate.n}`,
    `${cell.counts.warmups}`,
  ]);

const sentTable = (reported: ReportedRun): readonly string[] => {
  const rows = sentRows(reported);
  if (rows.length === 0) return [];
  return [
    table(
      ['test', 'requests', 'prompt asked', 'got', 'cached', 'answer asked', 'got', 'schedule lag'],
      rows.map((row) => [
        row.test,
        String(row.requests),
        row.promptAsked,
        row.promptGot,
        row.cached,
        row.answerAsked,
        row.answerGot,
        row.lag,
      ]),
    ),
  ];
};

const runSections = (reported: ReportedRun, prefix: string): readonly string[] => {
  const { run } = reported;
  const nameOf = namesOf(run.models);
  const done = run.cells.filter((cell) => cell.state === 'done');
  const odd = outlierLines(reported);
  return [
    `## ${prefix}Every cell`,
    table(
      ['model', 'test', 'metric', 'median', '95 % interval', 'CV', 'n', 'warm-ups'],
      done.flatMap((cell) => cellLines(cell, nameOf(cell.modelId))),
      3,
    ),
    ...(odd.length === 0 ? [] : [outlierNote, listOf(odd)]),
    ...(energyRows(done).length === 0
      ? []
      : [
          `## ${prefix}Energy`,
          energyRows(done)
            .map(
              (row) =>
                `- ${escape(`${nameOf(row.cell.modelId)} ${row.cell.test}, ${row.energy.device}: ${writeEnergy(row)}`)}`,
            )
            .join('\n'),
        ]),
    `## ${prefix}Trust`,
    run.trust === null
      ? 'Nothing was measured.'
      : [
          `Level: **${run.trust.level}**`,
          ...run.trust.reasons.map((reason) => `- ${reason.level}: ${escape(reason.message)}`),
        ].join('\n'),
    `## ${prefix}Workload`,
    factList(workloadFacts(reported)),
    ...sentTable(reported),
    `## ${prefix}Machine and conditions`,
    factList([...machineFacts(run.machine), ...conditionFacts(reported)]),
    ...run.models.flatMap((model) => [
      `## ${prefix}${escape(nameOf(model.modelId))}`,
      factList([...fileFacts(model), ...engineFacts(model)]),
    ]),
  ];
};

const importedFigure = ({ value, deviation, n, statistic }: ImportedFigure): string =>
  `${formatFigure(value)}${deviation === null ? '' : ` ± ${formatFigure(deviation)}`} (${statistic}${n === null ? '' : `, n ${n}`})`;

const importedSections = (run: ImportedRun, prefix: string): readonly string[] => [
  `## ${prefix}${escape(run.name)}, imported from ${toolNames[run.tool]}`,
  table(
    ['model', 'test', 'metric', 'value', 'origin', 'remark'],
    run.cells.flatMap((cell) =>
      cell.figures.map((one) => [
        escape(run.models.find(({ modelId }) => modelId === cell.modelId)?.name ?? cell.modelId),
        `${cell.ladder} · ${cell.test}`,
        metricText(cell, one.metric),
        importedFigure(one),
        escape(one.origin),
        escape(one.remark ?? ''),
      ]),
    ),
    3,
  ),
  factList(run.facts),
  ...(run.notConverted.length === 0
    ? []
    : ['Not converted:', listOf(run.notConverted.map(({ field, reason }) => `${field}: ${reason}`))]),
];

/** A report for issue trackers, wikis and chats. */
export const renderMarkdown = (report: Report): string => {
  const { runs, imported, comparison, diff } = report;
  const letter = runLettersOf(report);
  const prefixOf = (runId: string): string => {
    const own = letter(runId);
    return own === undefined ? '' : `${own} · `;
  };
  const verdict = verdictLine(report);
  const verdicts = verdictTable(report);
  return `${[
    `# ${escape(titleOf(report))}`,
    ...(comparison.pick === null ? [] : [`**${escape(comparison.pick.sentence)}**`]),
    ...(verdict === undefined ? [] : [escape(verdict)]),
    ...(runs.length + imported.length > 1
      ? [
          [...runs.map(({ run }) => run), ...imported]
            .map(({ id, name }) => `- ${prefixOf(id)}${escape(name)} (\`${id}\`)`)
            .join('\n'),
        ]
      : []),
    ...(comparison.rows.length === 0
      ? []
      : [
          comparisonTable(report),
          `Figures are medians ± one standard deviation over n repetitions.${energyDevices(comparison.rows).length === 0 ? '' : ` ${energyNote}`}`,
        ]),
    ...comparison.differences.map((difference) => `> ${escape(difference)}`),
    ...(verdicts.rows.length === 0
      ? []
      : [
          `## ${escape(verdicts.title)}`,
          table(
            verdicts.columns.map(({ head }) => head),
            verdicts.rows.map((cells) => cells.map(escape)),
            3,
          ),
          verdicts.note,
        ]),
    ...(diff === null
      ? []
      : [
          '## What changed from A to B',
          diff.changes.length === 0 ? nothingChanged(diff) : listOf(diff.changes.map(changeText)),
          ...(diff.deltas.length === 0 ? [] : [listOf(diff.deltas.map(deltaText))]),
        ]),
    ...runs.flatMap((one) => runSections(one, prefixOf(one.run.id))),
    ...imported.flatMap((one) => importedSections(one, prefixOf(one.id))),
    '## Read with care',
    report.caveats.map((caveat) => `- ${caveat}`).join('\n'),
    ...(runs.length === 0
      ? []
      : ['## Repeat', `\`\`\`sh\n${runs.map(({ run }) => run.repeatCommand).join('\n')}\n\`\`\``]),
    ...(report.host === null
      ? []
      : [`Measured on ${escape(report.host.name)} by ${escape(report.host.user)}.`]),
    `Dyno ${report.writtenBy.dynoVersion}, formulas version ${report.writtenBy.metricsVersion}, content SHA-256 \`${report.contentHash}\``,
    `<!-- ${sealSlot} -->`,
  ].join('\n\n')}\n`;
};
