import type { Report } from '../../../shared/contract/report.ts';
import { sha256Of } from '../workload.ts';

/** First line of the raw requests: where they come from, and a hash of all lines below it. */
export const requestsSchemaName = 'dyno-requests-1';

/** Every request as the driver saw it, one JSON object a line, below a line that says which report they belong to. */
export const renderJsonl = (report: Report): string => {
  const lines = report.runs.flatMap(({ run, samples }) =>
    samples.map((sample) => JSON.stringify({ runId: run.id, ...sample })),
  );
  const body = lines.map((line) => `${line}\n`).join('');
  const head = {
    schema: requestsSchemaName,
    contentHash: report.contentHash,
    runs: report.runs.map(({ run }) => ({ id: run.id, name: run.name })),
    requests: lines.length,
    bodySha256: sha256Of(body),
  };
  return `${JSON.stringify(head)}\n${body}`;
};
