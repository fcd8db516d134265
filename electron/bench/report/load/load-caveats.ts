import type { LoadReportContent } from '../../../../shared/contract/load-report.ts';
import { eventsSentence } from '../../../../shared/units/events-as-tokens.ts';

const targetCaveat = ({ run }: LoadReportContent): string =>
  run.target.type === 'model'
    ? 'Server and client shared one machine: what the client took of it is missing to the server.'
    : 'Dyno knows of the server only what its answers told; the network between them is part of every latency.';

/** What a reader must know before he quotes a number; written from the data, so that it cannot be forgotten. */
export const loadCaveats = (report: LoadReportContent): readonly string[] => {
  const { run, samples } = report;
  const open = run.stages.filter(({ state }) => state !== 'done');
  const failed = samples.filter(({ error }) => error !== null).length;
  const events = eventsSentence(run.stages.map(({ summary }) => summary));
  return [
    'Figures are those of clients over HTTP, all requests of a stage together; those of the bare engine are another ladder and not in this report.',
    targetCaveat(report),
    ...(run.target.isSynthetic
      ? [
          `${run.target.model}: synthetic, with random weights. Speed is that of the shape and types; there is nothing to say about answers.`,
        ]
      : []),
    ...(failed === 0
      ? []
      : [
          `${failed} of ${samples.length} requests failed; latencies are those of the others, counts include them.`,
        ]),
    ...(open.length === 0 ? [] : [`${open.length} of ${run.stages.length} stages were not finished.`]),
    ...(events === null ? [] : [events]),
    ...(run.stages.some(({ summary }) => summary !== null && summary.schedule === null)
      ? [
          'In a closed loop a slow server is asked less often: its waiting times are not those of users who come when they like.',
        ]
      : []),
    'A stage is one measurement: nothing here says how far a second one would be from it.',
  ];
};
