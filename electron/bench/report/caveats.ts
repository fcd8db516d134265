import { threadDifference } from '../model-names.ts';
import type { ReportData } from './report-data.ts';

/** What a reader must know before he quotes a number; written from the data, so that it cannot be forgotten. */
export const caveatsOf = ({ run }: ReportData): readonly string[] => {
  const done = run.cells.filter((cell) => cell.state === 'done');
  const few = done.filter((cell) => cell.counts.repetitions < 6).length;
  const unfinished = run.cells.length - done.length;
  const threads = threadDifference(run.models);
  const synthetic = run.models.filter((model) => model.isSynthetic).map((model) => model.modelId);
  return [
    'Speed and memory were measured; the quality of the answers was not.',
    'The engine ladder is the bare engine, without a server; the API ladder is what a client gets over HTTP. The two are never mixed.',
    ...(synthetic.length === 0
      ? []
      : [
          `${synthetic.join(', ')}: synthetic, with random weights. Speed and memory are those of the shape and types; there is nothing to say about answers.`,
        ]),
    ...(few > 0
      ? [
          `${few} of ${done.length} cells have fewer than 6 repetitions, too few for a 95 % interval of the median; their range is shown instead.`,
        ]
      : []),
    ...(unfinished > 0 ? [`${unfinished} of ${run.cells.length} cells were not measured.`] : []),
    ...(run.spec.order === 'blocks'
      ? [
          'The models did not fit in memory together and were measured one after the other: a slow change of the machine is not cancelled out of the comparison.',
        ]
      : []),
    ...(threads === undefined ? [] : [threads]),
    ...(run.machine.llama?.backend === 'cpu'
      ? ['Resident memory counts file pages that other processes may share.']
      : []),
    'The numbers hold for this machine, these files and these settings.',
  ];
};
