import type { Report } from '../../../../shared/contract/report.ts';
import { html, type Markup } from '../../../../shared/units/markup.ts';
import { verdictTable } from '../verdict-table.ts';

/** Every metric against the base, with all its verdict rests on. */
export const verdictsSection = (report: Report): Markup | undefined => {
  const { title, columns, rows, note } = verdictTable(report);
  if (rows.length === 0) return undefined;
  const sideOf = (index: number): string => (columns[index]?.isText === true ? 'left wrap' : '');
  return html`<section>
    <h2>${title}</h2>
    <div class="scroll">
      <table class="dense">
        <thead>
          <tr>
            ${columns.map(({ head }, index) => html`<th scope="col" class="${sideOf(index)}">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (cells) =>
              html`<tr>
                ${cells.map((cell, index) => html`<td class="${sideOf(index)}">${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="note">${note}</p>
  </section>`;
};
