import type { Report } from '../../../shared/contract/report.ts';
import { sha256Of } from '../workload.ts';

/** First line of the raw requests: where they come from, and a hash of all lines below it. */
export const requestsSchemaName = 'dyno-requests-1';

interface Requests {
  /** Of the report they belong to. */
  readonly contentHash: string;
  readonly runs: readonly { readonly id: string; readonly name: string }[];
  readonly requests: readonly object[];
}

/** One JSON object a line, below a line that says which report they belong to. */
export const requestLines = ({ contentHash, runs, requests }: Requests): string => {
  const body = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const head = {
    schema: requestsSchemaName,
    contentHash,
    runs: runs.map(({ id, name }) => ({ id, name })),
    requests: requests.length,
    bodySha256: sha256Of(body),
  };
  return `${JSON.stringify(head)}\n${body}`;
};

/** Every request of a report as the driver saw it. */
export const renderJsonl = ({ contentHash, runs }: Report): string =>
  requestLines({
    contentHash,
    runs: runs.map(({ run }) => run),
    requests: runs.flatMap(({ run, samples }) => samples.map((sample) => ({ runId: run.id, ...sample }))),
  });
