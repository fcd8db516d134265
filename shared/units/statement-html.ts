import type { Statement, StatementLine } from '../contract/prices.ts';
import { formatCount, formatCounted } from './format.ts';
import { html, Markup } from './markup.ts';
import { formatMicro } from './micro.ts';
import { basisText, energyText, kindWords, requestsText, statementOf, tierText } from './statement-text.ts';

/** Light and dark from the system, black on white on paper. Contrast is AA in both. */
const styles = new Markup(`
:root{color-scheme:light dark;--ink:#1c2330;--soft:#566074;--line:#dbe0e8;--paper:#fff;--warn:#8a5300}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ef;--soft:#a3adbd;--line:#363f4d;--paper:#14181f;--warn:#f0bd68}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:980px;margin:0 auto;padding:40px 28px 64px}
h1{font-size:24px;line-height:1.25;margin:0 0 20px;font-weight:650;letter-spacing:-.01em}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 24px;margin:0 0 28px}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{padding:7px 16px 7px 0;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:600;font-size:13px;vertical-align:bottom}
tbody th{font-weight:500;overflow-wrap:anywhere;min-width:110px}
.figure{text-align:right}.figure,.whole{white-space:nowrap}
td:last-child,th:last-child{padding-right:0}
tfoot th,tfoot td{border-top:2px solid var(--ink);border-bottom:0;font-weight:650;font-size:16px}
.missing{color:var(--warn)}
.mono{font-family:ui-monospace,'SF Mono',Menlo,Consolas,'Liberation Mono',monospace;font-size:13px}
footer{margin-top:36px;padding-top:14px;border-top:1px solid var(--line);color:var(--soft);font-size:13px}
p{margin:0 0 10px;max-width:78ch}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--paper:#fff;--warn:#000}body{font-size:10.5pt}main{max-width:none;padding:0}.scroll{overflow:visible}table{font-size:9pt}th,td{padding-right:10px}thead th{font-size:8.5pt}.mono{font-size:8.5pt}tr{break-inside:avoid}thead{display:table-header-group}tfoot{display:table-row-group}}
@page{margin:16mm}
`);

const missing = html`<span class="missing">no price</span>`;

const row = (line: StatementLine): Markup => {
  const { model, kind, tokens, microPerMillion, amountMicro, sheet } = line;
  return html`<tr>
    <th scope="row">${model}</th>
    <td class="whole">${kindWords[kind]}</td>
    <td class="figure">${formatCount(tokens)}</td>
    <td class="figure">${microPerMillion === null ? missing : formatMicro(microPerMillion)}</td>
    <td class="figure">${amountMicro === null ? missing : formatMicro(amountMicro)}</td>
    <td>
      ${sheet === null ? undefined : html`<span class="mono">${sheet.model}</span> <span class="whole">from ${sheet.fromDay}</span>${basisText(line)}`}
    </td>
  </tr>`;
};

const table = ({ currency, lines, totalMicro }: Statement): Markup =>
  html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Tokens</th>
          <th scope="col" class="figure">Quantity</th>
          <th scope="col" class="figure">${currency} per million</th>
          <th scope="col" class="figure">Amount, ${currency}</th>
          <th scope="col">Price sheet</th>
        </tr>
      </thead>
      <tbody>
        ${lines.map(row)}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colspan="4">Total, ${currency}</th>
          <td class="figure">${formatMicro(totalMicro)}</td>
          <td></td>
        </tr>
      </tfoot>
    </table>
  </div>`;

/** A statement as one page of its own: no network, no scripts, prints on paper; all text from outside is escaped. */
export const statementHtml = (statement: Statement): string => {
  const { tenantId, tenantName, keyId, keyName, month, currency, lines, unpricedTokens } = statement;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${statementOf(statement)}</title>
        <style>
          ${styles}
        </style>
      </head>
      <body>
        <main>
          <h1>Statement for ${month}</h1>
          <dl>
            <dt>Tenant</dt>
            <dd>${tenantName} <span class="mono">${tenantId}</span></dd>
            <dt>Key</dt>
            <dd>
              ${keyId === null ? 'all of its keys' : html`${keyName ?? ''} <span class="mono">${keyId}</span>`}
            </dd>
            <dt>Month</dt>
            <dd>${month}, whole days in UTC</dd>
            <dt>Requests</dt>
            <dd>${requestsText(statement)} ${tierText(statement.tiers, statement.requests)}</dd>
            <dt>Energy</dt>
            <dd>${energyText(statement.energy, statement.requests)}</dd>
            <dt>Worked out</dt>
            <dd>${new Date(statement.madeAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC</dd>
          </dl>
          ${lines.length === 0 ? html`<p>No tokens were used.</p>` : table(statement)}
          ${
            unpricedTokens === 0
              ? undefined
              : html`<p class="missing">
                  Not in the total: ${formatCounted(unpricedTokens, 'token')} without a price in ${currency}.
                </p>`
          }
          <footer>
            <p>
              Quantities are the tokens of the ledger, those of failed requests included, at the prices they
              were recorded with; “set later” marks tokens that had none then and cost what is set now. Each
              line is rounded once, to a millionth of ${currency}, half a one up; the total is the sum of the
              lines.
            </p>
            <p>Made by Dyno.</p>
          </footer>
        </main>
      </body>
    </html> `.text;
};
