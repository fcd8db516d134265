import type { LoadReport } from '../../../../shared/contract/load-report.ts';
import { requestLines } from '../jsonl.ts';

/** Every request of a load run as the driver saw it. */
export const loadJsonl = ({ contentHash, run, samples }: LoadReport): string =>
  requestLines({
    contentHash,
    runs: [run],
    requests: samples.map((sample) => ({ runId: run.id, ...sample })),
  });
