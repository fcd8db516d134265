import type { ImportedFigure, ImportedRun } from '../../../../shared/contract/imports.ts';
import type { Report } from '../../../../shared/contract/report.ts';
import { formatFigure, UNKNOWN } from '../../../../shared/units/format.ts';
import { html, type Markup } from '../../../../shared/units/markup.ts';
import { metricTitle } from '../headline-metrics.ts';
import { runLettersOf } from '../report-names.ts';
import { factList } from './facts-section.ts';
import { toolNames } from '../../../../shared/units/tool-names.ts';

const spreadOf = ({ deviation, n }: ImportedFigure): string =>
  [deviation === null ? undefined : `± ${formatFigure(deviation)}`, n === null ? undefined : `n ${n}`]
    .filter((part) => part !== undefined)
    .join(' · ');

/** What another tool measured: each figure with the field it came from, and what was not converted. */
export const importedSection = (run: ImportedRun, report: Report): Markup => {
  const letter = runLettersOf(report)(run.id);
  const nameOf = (modelId: string): string =>
    run.models.find((model) => model.modelId === modelId)?.name ?? modelId;
  return html`<article>
    <p class="kicker">
      ${letter === undefined ? '' : `Run ${letter} · `}imported from ${toolNames[run.tool]}
    </p>
    <p class="run-title">${run.name}</p>
    <section>
      <h2>Figures</h2>
      <div class="scroll">
        <table class="dense">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" class="left">Test</th>
              <th scope="col" class="left">Metric</th>
              <th scope="col">Value</th>
              <th scope="col" class="left">Statistic</th>
              <th scope="col" class="left">Origin</th>
            </tr>
          </thead>
          <tbody>
            ${run.cells.flatMap((cell) =>
              cell.figures.map((figure) => {
                const { name, unit } = metricTitle(cell, figure.metric);
                return html`<tr>
                  <th scope="row">${nameOf(cell.modelId)}</th>
                  <td class="left">${cell.test} <small>${cell.ladder}</small></td>
                  <td class="left">${name} <span class="unit">${unit}</span></td>
                  <td>${formatFigure(figure.value)}<span class="spread below">${spreadOf(figure)}</span></td>
                  <td class="left">${figure.statistic}</td>
                  <td class="left wrap">
                    <span class="mono">${figure.origin}</span>${
                      figure.remark === null
                        ? undefined
                        : html`<span class="spread below">${figure.remark}</span>`
                    }
                  </td>
                </tr>`;
              }),
            )}
          </tbody>
        </table>
      </div>
      <h2>As its file says</h2>
      ${factList([
        ...run.facts,
        { group: 'file', name: 'File', value: run.fileName },
        { group: 'file', name: 'SHA-256 of the file', value: run.fileSha256 },
        { group: 'build', name: 'Version of the tool', value: run.toolVersion ?? UNKNOWN },
      ])}
      ${
        run.notConverted.length === 0
          ? undefined
          : html`<h3>Not converted</h3>
              <ul>
                ${run.notConverted.map(({ field, reason }) => html`<li><span class="mono">${field}</span>: ${reason}</li>`)}
              </ul>`
      }
    </section>
  </article>`;
};
