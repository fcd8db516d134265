import type { LoadStage } from '../../../../shared/contract/load.ts';
import type { LoadReport } from '../../../../shared/contract/load-report.ts';
import { formatCount, formatFigure } from '../../../../shared/units/format.ts';
import { stageFacts } from '../../../../shared/units/load-facts.ts';
import { latencyRows } from '../../../../shared/units/load-latencies.ts';
import { stageColumns } from '../../../../shared/units/load-stages.ts';
import { percentileColumns, percentileNote } from '../../../../shared/units/percentile-columns.ts';
import { machineFacts } from '../facts/condition-facts.ts';
import { escape, factList, listOf, table } from '../markdown/parts.ts';
import { sealSlot } from '../seal.ts';
import { loadTargetFacts, loadWorkloadFacts } from './load-report-facts.ts';

const stageSection = ({ run }: LoadReport, { name, summary }: LoadStage): readonly string[] => {
  if (summary === null) return [];
  const rows = latencyRows(summary);
  const columns = percentileColumns(rows.map(({ values }) => values));
  return [
    `## Latencies, ${escape(name)}`,
    table(
      ['ms', ...columns.map(({ head }) => head), 'max', 'n'],
      rows.map(({ label, values }) => [
        label,
        ...columns.map(({ id }) => formatFigure(values[id])),
        formatFigure(values.max),
        formatCount(values.n),
      ]),
    ),
    listOf(stageFacts(run, summary).map(([fact, value]) => `${fact}: ${value}`)),
  ];
};

/** A load run for issue trackers, wikis and chats. */
export const loadMarkdown = (report: LoadReport): string => {
  const { run, host, caveats, writtenBy, contentHash } = report;
  const columns = stageColumns(run.stages);
  return `${[
    `# ${escape(run.name)}`,
    `**${escape(run.finding ?? run.description)}**`,
    ...(run.stages.length === 0
      ? []
      : [
          table(
            columns.map(({ head }) => head),
            run.stages.map((stage) => columns.map(({ cell }) => escape(cell(stage)))),
          ),
        ]),
    ...run.stages.flatMap((stage) => stageSection(report, stage)),
    percentileNote,
    '## Trust',
    run.trust === null
      ? 'Nothing was measured.'
      : [
          `Level: **${run.trust.level}**`,
          ...run.trust.reasons.map((reason) => `- ${reason.level}: ${escape(reason.message)}`),
        ].join('\n'),
    '## Workload',
    factList(loadWorkloadFacts(run)),
    '## Server',
    factList(loadTargetFacts(run)),
    ...(run.machine === null ? [] : ['## Machine that sent the load', factList(machineFacts(run.machine))]),
    '## Read with care',
    caveats.map((caveat) => `- ${caveat}`).join('\n'),
    '## Repeat',
    `\`\`\`sh\n${run.repeatCommand}\n\`\`\``,
    ...(host === null ? [] : [`Measured on ${escape(host.name)} by ${escape(host.user)}.`]),
    `Dyno ${writtenBy.dynoVersion}, formulas version ${writtenBy.metricsVersion}, content SHA-256 \`${contentHash}\``,
    `<!-- ${sealSlot} -->`,
  ].join('\n\n')}\n`;
};
