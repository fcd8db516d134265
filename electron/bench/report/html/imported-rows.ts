import type { ImportedFigure, ImportedRow } from '../../../../shared/contract/imports.ts';
import { formatFigure, formatGib, UNKNOWN } from '../../../../shared/units/format.ts';
import { html, type Markup } from '../../../../shared/units/markup.ts';
import { toolNames } from '../../../../shared/units/tool-names.ts';

const figure = (found: ImportedFigure | null): Markup | string => {
  if (found === null) return UNKNOWN;
  const { value, deviation, n, statistic, origin } = found;
  const spread = [
    ...(deviation === null ? [] : [`± ${formatFigure(deviation)}`]),
    ...(n === null ? [] : [`n ${n}`]),
    statistic,
  ].join(' · ');
  return html`<span title="${origin}"
    >${formatFigure(value)}<span class="spread below">${spread}</span></span
  >`;
};

/** What other tools measured, below the comparison under heads of its own: never judged against it. */
export const importedRows = (rows: readonly ImportedRow[]): Markup | undefined =>
  rows.length === 0
    ? undefined
    : html`<h3>Measured by other tools</h3>
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Model</th>
                <th scope="col" class="left">From</th>
                <th scope="col">Size<br /><span class="unit">GiB</span></th>
                <th scope="col">Prefill<br /><span class="unit">t/s</span></th>
                <th scope="col">Decode<br /><span class="unit">t/s</span></th>
                <th scope="col">TTFT<br /><span class="unit">API, ms</span></th>
                <th scope="col">One user<br /><span class="unit">API, t/s</span></th>
                <th scope="col">All users<br /><span class="unit">API, t/s</span></th>
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                (row) =>
                  html`<tr>
                    <th scope="row">${row.name}</th>
                    <td class="left">${toolNames[row.tool]}</td>
                    <td>${formatGib(row.sizeBytes)}</td>
                    <td>${figure(row.prefillTps)}</td>
                    <td>${figure(row.decodeTps)}</td>
                    <td>${figure(row.ttftMs)}</td>
                    <td>${figure(row.apiDecodeTps)}</td>
                    <td>${figure(row.systemTps)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
        <p class="note">
          Each figure as its tool says it, with the statistic it is. No verdict: the workload and the clock
          were not Dyno’s.
        </p>`;
