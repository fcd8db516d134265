import type { LoadStage } from '../../../../shared/contract/load.ts';
import type { LoadReport } from '../../../../shared/contract/load-report.ts';
import { formatCount, formatDuration, formatFigure } from '../../../../shared/units/format.ts';
import { stageFacts } from '../../../../shared/units/load-facts.ts';
import { latencyRows } from '../../../../shared/units/load-latencies.ts';
import { stageColumns } from '../../../../shared/units/load-stages.ts';
import { html, type Markup } from '../../../../shared/units/markup.ts';
import { percentileColumns, percentileNote } from '../../../../shared/units/percentile-columns.ts';
import { machineFacts } from '../facts/condition-facts.ts';
import { trustBadge } from '../html/comparison-section.ts';
import { factList, trustSection } from '../html/facts-section.ts';
import { page, rawDataSection, stamp } from '../html/page.ts';
import { loadJsonl } from './load-jsonl.ts';
import { loadTargetFacts, loadWorkloadFacts } from './load-report-facts.ts';
import { loadTimeline } from './load-timeline.ts';

const headSection = ({ run, host }: LoadReport): Markup => {
  const took = run.endedAtMs === null ? '' : `, took ${formatDuration(run.endedAtMs - run.createdAtMs)}`;
  return html`<header>
    <p class="kicker">
      Dyno load run · ${stamp(run.createdAtMs)}${took}${host === null ? '' : ` · ${host.name}, ${host.user}`}
    </p>
    <h1>${run.name}</h1>
    <p class="verdict">${run.finding ?? run.description}</p>
    <p>
      ${trustBadge(run.trust)}
      ${run.state.type === 'done' ? undefined : html`<span class="unit">This run was ${run.state.type}.</span>`}
    </p>
  </header>`;
};

const stagesSection = ({ run }: LoadReport): Markup => {
  const columns = stageColumns(run.stages);
  const side = (isNumeric: boolean): string => (isNumeric ? '' : 'left');
  return html`<section>
    <h2>Stages</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            ${columns.map(({ head, isNumeric }) => html`<th scope="col" class="${side(isNumeric)}">${head}</th>`)}
            <th scope="col">trust</th>
          </tr>
        </thead>
        <tbody>
          ${run.stages.map(
            (stage) =>
              html`<tr>
                ${columns.map(({ cell, isNumeric }, index) => (index === 0 ? html`<th scope="row">${cell(stage)}</th>` : html`<td class="${side(isNumeric)}">${cell(stage)}</td>`))}
                <td>${trustBadge(stage.trust)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
};

const stageSection = (report: LoadReport, stage: LoadStage): Markup | undefined => {
  const { summary } = stage;
  if (summary === null) return undefined;
  const rows = latencyRows(summary);
  const columns = percentileColumns(rows.map(({ values }) => values));
  return html`<section>
    <h2>Latencies, ${stage.name} <span class="unit">ms</span></h2>
    <div class="scroll">
      <table class="dense">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            ${columns.map(({ head }) => html`<th scope="col">${head}</th>`)}
            <th scope="col">max</th>
            <th scope="col">n</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ label, values }) =>
              html`<tr>
                <th scope="row">${label}</th>
                ${columns.map(({ id }) => html`<td>${formatFigure(values[id])}</td>`)}
                <td>${formatFigure(values.max)}</td>
                <td>${formatCount(values.n)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <h3>Beside them</h3>
    ${factList(stageFacts(report.run, summary).map(([name, value]) => ({ group: 'measured' as const, name, value })))}
  </section>`;
};

const timelineSection = (report: LoadReport): Markup | undefined => {
  const chart = loadTimeline(report);
  return chart === undefined
    ? undefined
    : html`<section>
        <h2>Timeline</h2>
        ${chart}
      </section>`;
};

const conditionsSection = ({ run }: LoadReport): Markup =>
  html`<section>
    <h2>Workload</h2>
    ${factList(loadWorkloadFacts(run))}
    <h2>Server</h2>
    ${factList(loadTargetFacts(run))}
    ${
      run.machine === null
        ? undefined
        : html`<h2>Machine that sent the load</h2>
            ${factList(machineFacts(run.machine))}`
    }
  </section>`;

/** A load run in one file with everything inside. */
export const loadHtml = (report: LoadReport): string =>
  page({
    title: `${report.run.name}: Dyno load run`,
    writtenBy: report.writtenBy,
    contentHash: report.contentHash,
    body: html`${headSection(report)} ${stagesSection(report)} ${timelineSection(report)}
      ${report.run.stages.map((stage) => stageSection(report, stage))}
      <p class="note">
        ${percentileNote} They are over all requests of a stage, by linear interpolation; scheduled ones count
        from the intended send.
      </p>
      ${trustSection(report)} ${conditionsSection(report)}
      <section>
        <h2>Read with care</h2>
        <ul>
          ${report.caveats.map((caveat) => html`<li>${caveat}</li>`)}
        </ul>
        <h2>Repeat it</h2>
        <pre><code>${report.run.repeatCommand}</code></pre>
      </section>
      ${rawDataSection({ json: JSON.stringify(report), requests: loadJsonl(report) })}`,
  });
