import { gzipSync } from 'node:zlib';
import { html, type Markup } from '../../../../shared/units/markup.ts';
import { sealSlot } from '../seal.ts';
import { styles } from './styles.ts';

/** A gzipped file as a link that needs no network; raw, the samples would make the page six times as large. */
const dataLink = (text: string): string =>
  `data:application/gzip;base64,${gzipSync(text).toString('base64')}`;

export const stamp = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

interface RawData {
  /** The whole report. */
  readonly json: string;
  /** Every request; `null` where none was sent. */
  readonly requests: string | null;
}

/** The data of the page inside the page; `dyno report verify` and `diff` read the first link. */
export const rawDataSection = ({ json, requests }: RawData): Markup =>
  html`<section class="no-print">
    <h2>Raw data</h2>
    <p>
      <a download="dyno-report.json.gz" href="${dataLink(json)}">Everything as JSON (gzip)</a>${
        requests === null
          ? undefined
          : html` ·
              <a download="dyno-requests.jsonl.gz" href="${dataLink(requests)}"
                >Every request as JSONL (gzip)</a
              >`
      }
    </p>
  </section>`;

interface PageParts {
  readonly title: string;
  readonly writtenBy: { readonly dynoVersion: string; readonly metricsVersion: number };
  readonly contentHash: string;
  readonly body: Markup;
}

/**
 * The frame of every report page: no network, no scripts, light and dark, prints on paper. All text from outside is
 * escaped by the `html` tag, and the page forbids itself everything but its own styles.
 */
export const page = ({ title, writtenBy, contentHash, body }: PageParts): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <meta name="generator" content="Dyno ${writtenBy.dynoVersion}" />
        <title>${title}</title>
        <style>
          ${styles}
        </style>
      </head>
      <body>
        <main>
          ${body}
          <footer>
            <p>
              Dyno ${writtenBy.dynoVersion} · formulas version ${writtenBy.metricsVersion} · content SHA-256
              <span class="mono">${contentHash}</span>
            </p>
            <p class="mono">${sealSlot}</p>
          </footer>
        </main>
      </body>
    </html> `.text;
