import type { Cell, ComparisonRow, Trust } from '../../../../shared/contract/bench.ts';
import type { QualityFigure } from '../../../../shared/contract/bench-judge.ts';
import { isPicked } from '../../../../shared/contract/bench-pick.ts';
import type { Estimate } from '../../../../shared/contract/common.ts';
import type { RowEnergy } from '../../../../shared/contract/conditions.ts';
import type { Report } from '../../../../shared/contract/report.ts';
import { energyDevices, energyNote, rowEnergyOf } from '../../../../shared/units/energy.ts';
import { writeEstimate } from '../../../../shared/units/estimate.ts';
import { formatCount, formatFigure, formatGib, toGib, UNKNOWN } from '../../../../shared/units/format.ts';
import { intervalName } from '../../../../shared/units/interval-name.ts';
import { html, type Markup } from '../../../../shared/units/markup.ts';
import { speedVerdict } from '../../../../shared/units/verdict.ts';
import { valuesOf } from '../../figures/finish-cell.ts';
import { rowNamesOf } from '../report-names.ts';
import { barChart, type Bar } from './bar-chart.ts';
import { importedRows } from './imported-rows.ts';
import { scatterChart, type ScatterAxis, type ScatterPoint } from './scatter-chart.ts';

const words: Readonly<Record<Trust['level'], string>> = {
  green: 'steady',
  amber: 'with remarks',
  red: 'do not trust',
};

export const trustBadge = (trust: Trust | null): Markup | string =>
  trust === null ? UNKNOWN : html`<span class="badge ${trust.level}">${words[trust.level]}</span>`;

/** A figure with its spread and its number of repetitions. */
export const figure = (estimate: Estimate | null | undefined): Markup | string => {
  if (estimate === null || estimate === undefined) return UNKNOWN;
  const { value, spread, n, detail } = writeEstimate(estimate);
  return html`<span title="${detail}"
    >${value}<span class="spread below">${spread === null ? '' : `± ${spread} · `}n ${n}</span></span
  >`;
};

const tones = { better: 'better', worse: 'worse', same: 'spread' } as const;

const against = ({ isBase, decodeRatio }: ComparisonRow): Markup | string => {
  if (isBase) return html`<small>base</small>`;
  if (decodeRatio === null) return UNKNOWN;
  const { ratio, low, high, verdict } = decodeRatio;
  const { shape, text, tone } = speedVerdict(ratio, verdict);
  const range = low === null || high === null ? '' : `${formatFigure(low)} to ${formatFigure(high)}`;
  return html`<span class="${tones[tone]}">${shape} ${text}</span><span class="spread below">${range}</span>`;
};

const isJudged = (rows: readonly ComparisonRow[]): boolean => rows.some(({ quality }) => quality !== null);

/** The level of the ratios' intervals, where they share one. */
const ratioLevel = (rows: readonly ComparisonRow[]): string => {
  const [level, ...others] = new Set(
    rows.flatMap(({ decodeRatio }) => (decodeRatio === null ? [] : [intervalName(decodeRatio.confidence)])),
  );
  return level === undefined || others.length > 0 ? 'interval' : level;
};

const heads = (rows: readonly ComparisonRow[], isApi: boolean): Markup =>
  html`<tr>
    <th scope="col">Model</th>
    <th scope="col">Size<br /><span class="unit">GiB</span></th>
    <th scope="col">Bits<br /><span class="unit">per weight</span></th>
    <th scope="col">Prefill<br /><span class="unit">t/s</span></th>
    <th scope="col">Decode<br /><span class="unit">t/s</span></th>
    <th scope="col" class="left">
      Decode against base<br /><span class="unit">ratio, ${ratioLevel(rows)}</span>
    </th>
    ${
      isJudged(rows)
        ? html`<th scope="col">KLD<br /><span class="unit">mean, nats</span></th>
            <th scope="col">PPL</th>`
        : undefined
    }
    ${
      isApi
        ? html`<th scope="col">TTFT<br /><span class="unit">API, ms</span></th>
            <th scope="col">One user<br /><span class="unit">API, t/s</span></th>
            <th scope="col">Overhead<br /><span class="unit">%</span></th>
            <th scope="col">All users<br /><span class="unit">API, t/s</span></th>`
        : undefined
    }
    <th scope="col">Memory<br /><span class="unit">peak GiB</span></th>
    ${energyDevices(rows).map((device) => html`<th scope="col">${device}<br /><span class="unit">J/token</span></th>`)}
    <th scope="col">Trust</th>
  </tr>`;

const overSize: ScatterAxis = {
  title: 'Speed against size',
  xTitle: 'file size, GiB',
  xUnit: 'GiB',
  isSquareRoot: false,
  note: 'Quality is not on this chart.',
};
const overDivergence: ScatterAxis = {
  title: 'Speed against quality',
  xTitle: 'mean KL divergence from the unquantized file, nats (square-root axis)',
  xUnit: 'nats',
  isSquareRoot: true,
  note: 'Further left is nearer to the unquantized file.',
};

const judged = (figure: QualityFigure | undefined, n: number | undefined): Markup | string =>
  figure === undefined || n === undefined
    ? UNKNOWN
    : html`${formatFigure(figure.value)}<span class="spread below"
          >± ${formatFigure(figure.standardError)} · n ${formatCount(n)}</span
        >`;

/** J/token over the repetitions, or over all of them as one where they are too short. */
const energyFigure = (energy: RowEnergy | undefined): Markup | string => {
  const estimate = energy?.perToken ?? null;
  const window = energy?.windowJoulesPerToken ?? null;
  return estimate !== null || window === null
    ? figure(estimate)
    : html`${formatFigure(window)}<span class="spread below">no spread</span>`;
};

const tableOf = (report: Report): Markup => {
  const { comparison } = report;
  const nameOf = rowNamesOf(report);
  const isApi = comparison.rows.some((row) => row.ttftMs !== null);
  return html`<div class="scroll">
      <table>
        <thead>
          ${heads(comparison.rows, isApi)}
        </thead>
        <tbody>
          ${comparison.rows.map((row) => {
            const isPick = isPicked(row, comparison.pick);
            return html`<tr class="${isPick ? 'pick' : row.isDominated ? 'dominated' : ''}">
              <th scope="row">${nameOf(row.runId, row.modelId)}</th>
              <td>${formatGib(row.sizeBytes)}</td>
              <td>${formatFigure(row.bitsPerWeight)}</td>
              <td>${figure(row.prefillTps)}</td>
              <td>${figure(row.decodeTps)}</td>
              <td class="left">${against(row)}</td>
              ${
                isJudged(comparison.rows)
                  ? html`<td>${judged(row.quality?.kld, row.quality?.n)}</td>
                      <td>${judged(row.quality?.ppl, row.quality?.n)}</td>`
                  : undefined
              }
              ${
                isApi
                  ? html`<td>${figure(row.ttftMs)}</td>
                      <td>${figure(row.apiDecodeTps)}</td>
                      <td>${formatFigure(row.servingOverheadPercent)}</td>
                      <td>${figure(row.systemTps)}</td>`
                  : undefined
              }
              <td>${formatGib(row.peakResidentBytes)}</td>
              ${energyDevices(comparison.rows).map((device) => html`<td>${energyFigure(rowEnergyOf(row, device))}</td>`)}
              <td>${trustBadge(row.trust)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    <p class="note">
      Medians ± one standard deviation over n repetitions. ▲ ▼: a difference the repetitions can show
      (bootstrap interval excludes 1 and Mann–Whitney p &lt; 0.05); ≈: none. Dimmed: another file is at least
      as fast and ${isJudged(comparison.rows) ? 'nearer to the unquantized one' : 'smaller'}.
      ${isJudged(comparison.rows) ? 'KLD and PPL ± one standard error (block bootstrap over windows), n scored positions. ' : ''}Overhead:
      what the server costs, 1 − API / engine decode of one user; none where the server came out faster.
      ${energyDevices(comparison.rows).length === 0 ? '' : energyNote}
    </p>`;
};

const bars = (
  report: Report,
  metric: 'decodeTps' | 'ttftMs',
  matches: (cell: Cell) => boolean,
): readonly Bar[] => {
  const nameOf = rowNamesOf(report);
  return report.runs.flatMap(({ run, repetitions }) =>
    run.models.flatMap((model) => {
      const cell = run.cells.find((candidate) => candidate.modelId === model.modelId && matches(candidate));
      const estimate = cell?.metrics[metric];
      if (cell === undefined || estimate === undefined) return [];
      return [
        {
          label: nameOf(run.id, model.modelId),
          estimate,
          values: valuesOf(repetitions[cell.id] ?? [], metric),
          isMarked: isPicked({ modelId: model.modelId, runId: run.id }, report.comparison.pick),
        },
      ];
    }),
  );
};

const chartsOf = (report: Report): Markup => {
  const { comparison } = report;
  const nameOf = rowNamesOf(report);
  const decode = bars(
    report,
    'decodeTps',
    (cell) => cell.ladder === 'engine' && cell.workload['kind'] === 'decode' && cell.workload['depth'] === 0,
  );
  const ttft = bars(report, 'ttftMs', (cell) => cell.workload['profile'] === 'single-stream');
  // a file under another workload has no place on the line of the best
  const isOnScale = (row: ComparisonRow): boolean => row.isBase || row.decodeRatio !== null;
  const pointsOver = (xOf: (row: ComparisonRow) => number | undefined): readonly ScatterPoint[] =>
    comparison.rows.flatMap((row) => {
      const x = xOf(row);
      return row.decodeTps === null || x === undefined || !isOnScale(row)
        ? []
        : [
            {
              label: nameOf(row.runId, row.modelId),
              x,
              speed: row.decodeTps.median,
              isMarked: isPicked(row, comparison.pick),
              isDominated: row.isDominated,
            },
          ];
    });
  return html`<div class="charts">
    <div>
      ${barChart({ title: 'Decode, engine', unit: 't/s', better: 'higher', bars: decode })}
      ${barChart({ title: 'Time to first token, one user over HTTP', unit: 'ms', better: 'lower', bars: ttft })}
    </div>
    ${
      isJudged(comparison.rows)
        ? scatterChart(
            pointsOver((row) => row.quality?.kld.value),
            overDivergence,
          )
        : scatterChart(
            pointsOver((row) => toGib(row.sizeBytes)),
            overSize,
          )
    }
  </div>`;
};

/** The page's first screen: who is faster, by how much, and how sure that is. */
export const comparisonSection = (report: Report): Markup | undefined =>
  report.comparison.rows.length === 0
    ? undefined
    : html`<section>
        <h2>Comparison</h2>
        ${report.comparison.differences.map((difference) => html`<p><span class="badge amber">not comparable</span> ${difference}</p>`)}
        ${tableOf(report)} ${importedRows(report.comparison.imported)} ${chartsOf(report)}
      </section>`;
