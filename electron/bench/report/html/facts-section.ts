import type { Trust } from '../../../../shared/contract/bench.ts';
import type { Fact } from '../../../../shared/contract/imports.ts';
import type { Report, ReportedRun } from '../../../../shared/contract/report.ts';
import { metricDefinitions, type MetricId } from '../../../../shared/metrics/definitions.ts';
import { UNKNOWN } from '../../../../shared/units/format.ts';
import { html, type Markup } from '../../../../shared/units/markup.ts';
import { namesOf } from '../../model-names.ts';
import { energyRows, writeEnergy } from '../../../../shared/units/energy.ts';
import { conditionFacts, machineFacts } from '../facts/condition-facts.ts';
import { engineFacts, fileFacts } from '../facts/model-facts.ts';
import { sentRows, workloadFacts } from '../facts/workload-facts.ts';
import { timelineChart } from './timeline-chart.ts';

export const factList = (rows: readonly Fact[]): Markup =>
  html`<dl>
    ${rows.map(
      ({ name, value }) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;

/** Whether to believe it, and why. */
export const trustSection = ({
  run: { trust },
}: {
  readonly run: { readonly trust: Trust | null };
}): Markup | undefined => {
  if (trust === null) return undefined;
  const { reasons } = trust;
  return html`<section>
    <h2>Trust</h2>
    ${
      reasons.length === 0
        ? html`<p>
            Every check passed: spread, drift, load of other programs, clocks, swap, token counts, errors.
          </p>`
        : html`<ul class="reasons">
            ${reasons.map((reason) => html`<li><span class="badge ${reason.level}">${reason.level}</span> <span>${reason.message}</span></li>`)}
          </ul>`
    }
  </section>`;
};

const sentTable = (reported: ReportedRun): Markup | undefined => {
  const rows = sentRows(reported);
  if (rows.length === 0) return undefined;
  return html`<h3>Requests asked for and got</h3>
    <div class="scroll">
      <table class="dense">
        <thead>
          <tr>
            <th scope="col">Test</th>
            <th scope="col">Requests</th>
            <th scope="col">Prompt asked<br /><span class="unit">tokens</span></th>
            <th scope="col">Prompt got<br /><span class="unit">tokens</span></th>
            <th scope="col">Of it cached<br /><span class="unit">tokens</span></th>
            <th scope="col">Answer asked<br /><span class="unit">tokens</span></th>
            <th scope="col">Answer got<br /><span class="unit">tokens</span></th>
            <th scope="col">Sent after the schedule</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                <th scope="row">${row.test}</th>
                <td>${row.requests}</td>
                <td>${row.promptAsked}</td>
                <td>${row.promptGot}</td>
                <td>${row.cached}</td>
                <td>${row.answerAsked}</td>
                <td>${row.answerGot}</td>
                <td>${row.lag}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
};

/** Joules per token by cell and device; a device that tells nothing says why. */
const energyList = ({ run }: ReportedRun): Markup | undefined => {
  const nameOf = namesOf(run.models);
  const rows = energyRows(run.cells);
  if (rows.length === 0) return undefined;
  return html`<h2>Energy</h2>
    ${factList(
      rows.map((row) => ({
        group: 'measured' as const,
        name: `${nameOf(row.cell.modelId)} ${row.cell.test}, ${row.energy.device}`,
        value: writeEnergy(row),
      })),
    )}`;
};

/** The exact work, the machine, and the run over time. */
export const conditionsSection = (data: ReportedRun): Markup =>
  html`<section>
    <h2>Workload</h2>
    ${factList(workloadFacts(data))} ${sentTable(data)}
    <h2>Machine and conditions</h2>
    ${factList([...machineFacts(data.run.machine), ...conditionFacts(data)])} ${energyList(data)}
    ${
      timelineChart(data) === undefined
        ? undefined
        : html`<h2>Timeline</h2>
            ${timelineChart(data)}`
    }
  </section>`;

/** One row per fact, one column per model; what is the same for all stands once. */
const factRow = (name: string, values: readonly string[]): Markup => {
  const isSame = values.length > 1 && new Set(values).size === 1;
  return isSame
    ? html`<tr>
        <th scope="row">${name}</th>
        <td class="left wrap" colspan="${values.length}">${values[0]}</td>
      </tr>`
    : html`<tr>
        <th scope="row">${name}</th>
        ${values.map((value) => html`<td class="left wrap">${value}</td>`)}
      </tr>`;
};

/** Each file and every effective setting of its engine, side by side. */
export const modelsSection = ({ run }: ReportedRun): Markup => {
  const nameOf = namesOf(run.models);
  const columns = run.models.map(
    (model) => new Map([...fileFacts(model), ...engineFacts(model)].map(({ name, value }) => [name, value])),
  );
  const names = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  return html`<section>
    <h2>Models and engines</h2>
    <div class="scroll">
      <table class="dense facts">
        <thead>
          <tr>
            <th scope="col"></th>
            ${run.models.map((model) => html`<th scope="col" class="left">${nameOf(model.modelId)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${names.map((name) =>
            factRow(
              name,
              columns.map((column) => column.get(name) ?? UNKNOWN),
            ),
          )}
        </tbody>
      </table>
    </div>
  </section>`;
};

const explained: readonly MetricId[] = [
  'prefillTps',
  'decodeTps',
  'ttftMs',
  'tpotMs',
  'apiDecodeTps',
  'systemTps',
  'chunkGapMs',
  'e2eMs',
  'peakResidentBytes',
];

/** What the words mean, and what the reader must keep in mind. */
export const methodSection = (report: Report): Markup =>
  html`<section>
    <h2>Read with care</h2>
    <ul>
      ${report.caveats.map((caveat) => html`<li>${caveat}</li>`)}
    </ul>
    <h2>What the metrics mean</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col" class="left">Definition</th>
            <th scope="col" class="left">Elsewhere</th>
          </tr>
        </thead>
        <tbody>
          ${explained.map((id) => {
            const { name, definition, formula, elsewhere } = metricDefinitions[id];
            return html`<tr>
              <th scope="row">${name}</th>
              <td class="left wrap">${definition} <span class="mono">${formula}</span></td>
              <td class="left wrap">${elsewhere}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </section>`;
