import type { Trust } from '../../../shared/contract/bench.ts';
import type { Report } from '../../../shared/contract/report.ts';
import { formatDuration } from '../../../shared/units/format.ts';
import { html, type Markup } from '../../../shared/units/markup.ts';
import { comparisonSection, trustBadge } from './html/comparison-section.ts';
import { diffSection } from './html/diff-section.ts';
import { methodSection } from './html/facts-section.ts';
import { importedSection } from './html/imported-section.ts';
import { page, rawDataSection, stamp } from './html/page.ts';
import { runSections, runsSection } from './html/runs-section.ts';
import { verdictsSection } from './html/verdicts-section.ts';
import { renderJsonl } from './jsonl.ts';
import { titleOf } from './report-names.ts';
import { verdictLine } from './verdict-line.ts';

/** What the badge means for whoever has to decide. */
const advice: Readonly<Record<Trust['level'], string>> = {
  green: 'All checks of the conditions passed.',
  amber: 'Usable; the remarks under “Trust” say what limited it.',
  red: 'The conditions do not support a decision: see “Trust”, and measure again on a quiet machine.',
};

/** The level of the report: of its only run; several runs carry their own in the list. */
const trustLine = ({ runs }: Report): Markup | undefined => {
  const [only] = runs;
  if (runs.length !== 1 || only === undefined) return undefined;
  const { trust } = only.run;
  return html`<p>
    ${trustBadge(trust)} <span class="unit">${trust === null ? '' : advice[trust.level]}</span>
  </p>`;
};

const kicker = ({ runs, imported }: Report): string => {
  const [only] = runs;
  if (runs.length !== 1 || imported.length > 0 || only === undefined) {
    return `Dyno report · ${runs.length} measured, ${imported.length} imported`;
  }
  const { run } = only;
  const took = run.endedAtMs === null ? '' : `, took ${formatDuration(run.endedAtMs - run.createdAtMs)}`;
  const gpus = run.machine.gpus.map((gpu) => ` · ${gpu.name}`).join('');
  return `Dyno benchmark · ${stamp(run.createdAtMs)}${took} · ${run.machine.cpu.model}${gpus}`;
};

const headSection = (report: Report): Markup => {
  const { comparison, host } = report;
  const verdict = verdictLine(report);
  return html`<header>
    <p class="kicker">${kicker(report)}${host === null ? '' : ` · ${host.name}, ${host.user}`}</p>
    <h1>${titleOf(report)}</h1>
    ${comparison.pick === null ? undefined : html`<p class="verdict">${comparison.pick.sentence}</p>`}
    ${verdict === undefined ? undefined : html`<p>${verdict}</p>`} ${trustLine(report)}
  </header>`;
};

const filesSection = (report: Report): Markup =>
  rawDataSection({
    json: JSON.stringify(report),
    requests: report.runs.every(({ samples }) => samples.length === 0) ? null : renderJsonl(report),
  });

const repeatSection = ({ runs }: Report): Markup | undefined =>
  runs.length === 0
    ? undefined
    : html`<section>
        <h2>Repeat it</h2>
        <pre><code>${runs.map(({ run }) => run.repeatCommand).join('\n')}</code></pre>
      </section>`;

/** One file with everything inside: no network, no scripts, light and dark, prints on paper. */
export const renderHtml = (report: Report): string =>
  page({
    title: `${titleOf(report)}: Dyno benchmark`,
    writtenBy: report.writtenBy,
    contentHash: report.contentHash,
    body: html`${headSection(report)} ${runsSection(report)} ${comparisonSection(report)}
    ${verdictsSection(report)} ${report.diff === null ? undefined : diffSection(report.diff)}
    ${report.imported.map((run) => importedSection(run, report))} ${runSections(report)}
    ${methodSection(report)} ${repeatSection(report)} ${filesSection(report)}`,
  });
