import type { ReportDiff } from '../../../../shared/contract/report.ts';
import { deltaVerdict, groupTitles, nothingChanged, ratioText } from '../../../../shared/units/diff-text.ts';
import { formatFigure, UNKNOWN } from '../../../../shared/units/format.ts';
import { html, type Markup } from '../../../../shared/units/markup.ts';

const changesTable = (diff: ReportDiff): Markup =>
  diff.changes.length === 0
    ? html`<p>${nothingChanged(diff)}</p>`
    : html`<div class="scroll">
        <table class="dense facts">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" class="left">Name</th>
              <th scope="col" class="left">A</th>
              <th scope="col" class="left">B</th>
            </tr>
          </thead>
          <tbody>
            ${diff.changes.map(
              ({ group, model, name, a, b }) =>
                html`<tr>
                  <th scope="row">${groupTitles[group]}${model === null ? '' : ` (${model})`}</th>
                  <td class="left wrap">${name}</td>
                  <td class="left wrap">${a ?? UNKNOWN}</td>
                  <td class="left wrap">${b ?? UNKNOWN}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;

const deltasTable = ({ deltas }: ReportDiff): Markup =>
  html`<div class="scroll">
    <table class="dense">
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col" class="left">Test</th>
          <th scope="col" class="left">Metric</th>
          <th scope="col">A</th>
          <th scope="col">B</th>
          <th scope="col" class="left">B over A</th>
          <th scope="col" class="left">Verdict</th>
        </tr>
      </thead>
      <tbody>
        ${deltas.map((delta) => {
          const { shape, text, tone } = deltaVerdict(delta);
          return html`<tr>
            <th scope="row">${delta.model}</th>
            <td class="left">${delta.test}</td>
            <td class="left">${delta.metric} <span class="unit">${delta.unit}</span></td>
            <td>${formatFigure(delta.a)} <small>n ${delta.nA ?? UNKNOWN}</small></td>
            <td>${formatFigure(delta.b)} <small>n ${delta.nB ?? UNKNOWN}</small></td>
            <td class="left">${ratioText(delta)}</td>
            <td class="left wrap ${tone === 'same' ? 'spread' : tone}">${shape} ${text}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;

/** Causes before effects: what changed from A to B, then every figure both have. */
export const diffSection = (diff: ReportDiff): Markup =>
  html`<section>
    <h2>What changed from A to B</h2>
    ${changesTable(diff)} ${diff.deltas.length === 0 ? undefined : deltasTable(diff)}
    ${
      diff.unmatched.length === 0
        ? undefined
        : html`<p class="note">Measured on one side only: ${diff.unmatched.join(', ')}.</p>`
    }
    ${diff.remarks.map((remark) => html`<p class="note">${remark}</p>`)}
  </section>`;
