import { gzipSync } from 'node:zlib';
import type { Trust } from '../../../shared/contract/bench.ts';
import { formatDuration } from '../../../shared/units/format.ts';
import { cellsSection, figuresSection, requestsSection } from './html/cells-section.ts';
import { comparisonSection, trustBadge } from './html/comparison-section.ts';
import { conditionsSection, methodSection, modelsSection, trustSection } from './html/facts-section.ts';
import { html, type Markup } from './html/markup.ts';
import { styles } from './html/styles.ts';
import type { ReportData } from './report-data.ts';

/** A gzipped file as a link that needs no network; raw, the samples would make the page six times as large. */
const dataLink = (text: string): string =>
  `data:application/gzip;base64,${gzipSync(text).toString('base64')}`;

const jsonLines = (rows: readonly unknown[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What the badge means for whoever has to decide. */
const advice: Readonly<Record<Trust['level'], string>> = {
  green: 'All checks of the conditions passed.',
  amber: 'Usable; the remarks under “Trust” say what limited it.',
  red: 'The conditions do not support a decision: see “Trust”, and measure again on a quiet machine.',
};

const headSection = ({ run, comparison }: ReportData): Markup => {
  const took = run.endedAtMs === null ? '' : `, took ${formatDuration(run.endedAtMs - run.createdAtMs)}`;
  return html`<header>
    <p class="kicker">
      Dyno benchmark · ${stamp(run.createdAtMs)}${took} ·
      ${run.machine.cpu.model}${run.machine.gpus.map((gpu) => ` · ${gpu.name}`)}
    </p>
    <h1>${run.name}</h1>
    ${comparison.pick === null ? undefined : html`<p class="verdict">${comparison.pick.sentence}</p>`}
    <p>
      ${trustBadge(run.trust)}
      <span class="unit">${run.trust === null ? '' : advice[run.trust.level]}</span>
    </p>
  </header>`;
};

const filesSection = (data: ReportData): Markup =>
  html`<section class="no-print">
    <h2>Raw data</h2>
    <p>
      <a download="dyno-report.json.gz" href="${dataLink(JSON.stringify(data))}">Everything as JSON (gzip)</a
      >${
        data.samples.length === 0
          ? undefined
          : html` ·
              <a download="dyno-requests.jsonl.gz" href="${dataLink(jsonLines(data.samples))}"
                >Every request as JSONL (gzip)</a
              >`
      }
    </p>
  </section>`;

/**
 * One file with everything inside: no network, no scripts, light and dark, prints on paper. All text from outside is
 * escaped by the `html` tag, and the page forbids itself everything but its own styles.
 */
export const renderHtml = (data: ReportData): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <meta name="generator" content="Dyno ${data.run.dynoVersion}" />
        <title>${data.run.name}: Dyno benchmark</title>
        <style>
          ${styles}
        </style>
      </head>
      <body>
        <main>
          ${headSection(data)} ${comparisonSection(data)} ${trustSection(data)} ${figuresSection(data)}
          ${requestsSection(data)} ${cellsSection(data)} ${conditionsSection(data)} ${modelsSection(data)}
          ${methodSection(data)}
          <section>
            <h2>Repeat it</h2>
            <pre><code>${data.run.repeatCommand}</code></pre>
          </section>
          ${filesSection(data)}
          <footer>
            Dyno ${data.run.dynoVersion} · formulas version ${data.run.metricsVersion} · content SHA-256
            <span class="mono">${data.contentHash}</span>
          </footer>
        </main>
      </body>
    </html> `.text;
