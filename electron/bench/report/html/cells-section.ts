import { metricNameSchema, type Cell, type MetricName } from '../../../../shared/contract/bench.ts';
import type { ReportedRun } from '../../../../shared/contract/report.ts';
import { metricDefinitions } from '../../../../shared/metrics/definitions.ts';
import { formatCount, formatFigure, formatGib, UNKNOWN } from '../../../../shared/units/format.ts';
import { html, type Markup } from '../../../../shared/units/markup.ts';
import {
  percentileColumns,
  percentileNote,
  type PercentileColumn,
} from '../../../../shared/units/percentile-columns.ts';
import { namesOf } from '../../model-names.ts';
import { metricTitle } from '../headline-metrics.ts';
import { outlierLines, outlierNote } from '../outlier-lines.ts';
import { trustBadge } from './comparison-section.ts';

const ladderNames = { engine: 'engine', api: 'API' } as const;

const intervalOf = (low: number | null, high: number | null): string =>
  low === null || high === null ? UNKNOWN : `${formatFigure(low)} to ${formatFigure(high)}`;

type Group = readonly Cell[];

/** Metrics of a test in the order of the definitions. A first answer that is the first token is told once. */
const metricsOf = (cells: Group): readonly MetricName[] =>
  metricNameSchema.options.filter((name) =>
    cells.some((cell) => {
      const own = cell.metrics[name];
      return own !== undefined && !(name === 'ttfaMs' && own.median === cell.metrics.ttftMs?.median);
    }),
  );

const figureRow = (
  cell: Cell,
  metric: MetricName,
  name: string,
  label: Markup | string,
): Markup | undefined => {
  const estimate = cell.metrics[metric];
  if (estimate === undefined) return undefined;
  return html`<tr>
    <th scope="row">${label}</th>
    <td class="left">${name}</td>
    <td>${formatFigure(estimate.median)}</td>
    <td>${intervalOf(estimate.ciLow, estimate.ciHigh)}</td>
    <td>${formatFigure(estimate.min)} to ${formatFigure(estimate.max)}</td>
    <td>${estimate.cv === null ? UNKNOWN : formatFigure(estimate.cv * 100)}</td>
    <td>${estimate.n}</td>
  </tr>`;
};

const testRows = (cells: Group, nameOf: (modelId: string) => string): Markup => {
  const [first] = cells;
  if (first === undefined) return html``;
  return html`<tr class="group">
      <th scope="rowgroup" colspan="7">${first.test} <small>${ladderNames[first.ladder]}</small></th>
    </tr>
    ${metricsOf(cells).map((metric) => {
      const { name, unit } = metricTitle(first, metric);
      const [head, ...rest] = cells.filter((cell) => cell.metrics[metric] !== undefined);
      return [
        head &&
          figureRow(head, metric, nameOf(head.modelId), html`${name} <span class="unit">${unit}</span>`),
        ...rest.map((cell) => figureRow(cell, metric, nameOf(cell.modelId), '')),
      ];
    })}`;
};

const byTest = (cells: Group): readonly Group[] => [...Map.groupBy(cells, (cell) => cell.test).values()];

/** Every measured figure with its spread, models side by side under each metric. */
export const figuresSection = (reported: ReportedRun): Markup => {
  const { run } = reported;
  const odd = outlierLines(reported);
  const nameOf = namesOf(run.models);
  const done = run.cells.filter((cell) => cell.state === 'done');
  return html`<section>
    <h2>Every figure</h2>
    <div class="scroll">
      <table class="dense">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col" class="left">Model</th>
            <th scope="col">Median</th>
            <th scope="col">95 % interval</th>
            <th scope="col">Range</th>
            <th scope="col">CV<br /><span class="unit">%</span></th>
            <th scope="col">n</th>
          </tr>
        </thead>
        <tbody>
          ${byTest(done).map((cells) => testRows(cells, nameOf))}
        </tbody>
      </table>
    </div>
    <p class="note">
      The interval of the median (interpolated order statistics) exists from 6 repetitions on; below that it
      is a dash.
    </p>
    ${
      odd.length === 0
        ? undefined
        : html`<p class="note">${outlierNote}</p>
            <ul class="note">
              ${odd.map((line) => html`<li>${line}</li>`)}
            </ul>`
    }
  </section>`;
};

const cellRow = (cell: Cell, name: string): Markup => {
  if (cell.state !== 'done') {
    const reason = cell.error === null ? '' : `: ${cell.error.message}`;
    return html`<tr>
      <th scope="row">${name}</th>
      <td class="left">${cell.test}</td>
      <td class="left wrap" colspan="6">${cell.state}${reason}</td>
    </tr>`;
  }
  const { warmups, repetitions, requests } = cell.counts;
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="left">${cell.test} <small>${ladderNames[cell.ladder]}</small></td>
    <td>${warmups}</td>
    <td>${repetitions}</td>
    <td>${cell.ladder === 'api' ? formatCount(requests) : UNKNOWN}</td>
    <td>${formatGib(cell.peakResidentBytes)}</td>
    <td>${formatFigure(cell.cpuPerWall)}</td>
    <td>${trustBadge(cell.trust)}</td>
  </tr>`;
};

/** How each cell was measured. */
export const cellsSection = ({ run }: ReportedRun): Markup => {
  const nameOf = namesOf(run.models);
  return html`<section>
    <h2>Every cell</h2>
    <div class="scroll">
      <table class="dense">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col" class="left">Test</th>
            <th scope="col">Warm-ups</th>
            <th scope="col">Repetitions</th>
            <th scope="col">Requests</th>
            <th scope="col">Memory<br /><span class="unit">peak GiB</span></th>
            <th scope="col">CPU per wall<br /><span class="unit">cores</span></th>
            <th scope="col">Trust</th>
          </tr>
        </thead>
        <tbody>
          ${byTest(run.cells)
            .flat()
            .map((cell) => cellRow(cell, nameOf(cell.modelId)))}
        </tbody>
      </table>
    </div>
  </section>`;
};

const finishText = (cell: Cell): string =>
  Object.entries(cell.counts.finishReasons)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ');

const percentileRows = (cell: Cell, name: string, columns: readonly PercentileColumn[]): readonly Markup[] =>
  (['ttftMs', 'tpotMs', 'chunkGapMs', 'e2eMs'] as const).flatMap((metric, index) => {
    const percentiles = cell.percentiles[metric];
    if (percentiles === undefined) return [];
    const { name: title, unit } = metricDefinitions[metric];
    return [
      html`<tr>
        <th scope="row">${index === 0 ? name : ''}</th>
        <td class="left">${index === 0 ? cell.test : ''}</td>
        <td class="left">${title} <span class="unit">${unit}</span></td>
        <td>${formatCount(percentiles.n)}</td>
        ${columns.map(({ id }) => html`<td>${formatFigure(percentiles[id])}</td>`)}
        <td>${formatFigure(percentiles.max)}</td>
        <td>${index === 0 ? `${cell.counts.errors} of ${cell.counts.requests}` : ''}</td>
        <td>${index === 0 ? finishText(cell) : ''}</td>
      </tr>`,
    ];
  });

/** Latencies over all requests, for the tail that medians hide. */
export const requestsSection = ({ run }: ReportedRun): Markup | undefined => {
  const nameOf = namesOf(run.models);
  const cells = run.cells.filter((cell) => cell.ladder === 'api' && cell.state === 'done');
  if (cells.length === 0) return undefined;
  const columns = percentileColumns(cells.flatMap((cell) => Object.values(cell.percentiles)));
  return html`<section>
    <h2>Requests over HTTP</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col" class="left">Test</th>
            <th scope="col" class="left">Metric</th>
            <th scope="col">n</th>
            ${columns.map(({ head }) => html`<th scope="col">${head}</th>`)}
            <th scope="col">Max</th>
            <th scope="col">Failed</th>
            <th scope="col">Finished by</th>
          </tr>
        </thead>
        <tbody>
          ${cells.map((cell) => percentileRows(cell, nameOf(cell.modelId), columns))}
        </tbody>
      </table>
    </div>
    <p class="note">
      Percentiles over the requests of all repetitions together, by linear interpolation. ${percentileNote}
    </p>
  </section>`;
};
