import type { Report, ReportedRun } from '../../../../shared/contract/report.ts';
import { formatDuration } from '../../../../shared/units/format.ts';
import { html, type Markup } from '../../../../shared/units/markup.ts';
import { runLettersOf } from '../report-names.ts';
import { cellsSection, figuresSection, requestsSection } from './cells-section.ts';
import { trustBadge } from './comparison-section.ts';
import { conditionsSection, modelsSection, trustSection } from './facts-section.ts';
import { toolNames } from '../../../../shared/units/tool-names.ts';

const when = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The runs of a report with more than one, each with the letter it has on the page. */
export const runsSection = (report: Report): Markup | undefined => {
  const letter = runLettersOf(report);
  if (report.runs.length + report.imported.length < 2) return undefined;
  return html`<section>
    <h2>Runs</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col"></th>
            <th scope="col" class="left">Run</th>
            <th scope="col" class="left">Measured</th>
            <th scope="col" class="left">On</th>
            <th scope="col">Trust</th>
          </tr>
        </thead>
        <tbody>
          ${report.runs.map(
            ({ run }) =>
              html`<tr>
                <th scope="row">${letter(run.id)}</th>
                <td class="left wrap">${run.name} <small class="mono">${run.id}</small></td>
                <td class="left">
                  ${when(run.createdAtMs)}${run.endedAtMs === null ? '' : `, ${formatDuration(run.endedAtMs - run.createdAtMs)}`}
                </td>
                <td class="left wrap">
                  ${[run.machine.cpu.model, ...run.machine.gpus.map((gpu) => gpu.name)].join(', ')}
                </td>
                <td>${trustBadge(run.trust)}</td>
              </tr>`,
          )}
          ${report.imported.map(
            (run) =>
              html`<tr>
                <th scope="row">${letter(run.id)}</th>
                <td class="left wrap">${run.name} <small class="mono">${run.id}</small></td>
                <td class="left">${run.measuredAtMs === null ? 'not said' : when(run.measuredAtMs)}</td>
                <td class="left wrap">
                  ${run.facts
                    .filter(({ group }) => group === 'machine')
                    .map(({ value }) => value)
                    .join(', ')}
                </td>
                <td>imported from ${toolNames[run.tool]}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
};

const sectionsOf = (reported: ReportedRun): readonly (Markup | undefined)[] => [
  trustSection(reported),
  figuresSection(reported),
  requestsSection(reported),
  cellsSection(reported),
  conditionsSection(reported),
  modelsSection(reported),
];

/** Everything about each run: whether to believe it, every figure, the work, the machine, the files. */
export const runSections = (report: Report): readonly Markup[] => {
  const letter = runLettersOf(report);
  return report.runs.map((reported) => {
    const own = letter(reported.run.id);
    return own === undefined
      ? html`${sectionsOf(reported)}`
      : html`<article>
          <p class="kicker">Run ${own}</p>
          <p class="run-title">${reported.run.name}</p>
          ${sectionsOf(reported)}
        </article>`;
  });
};
