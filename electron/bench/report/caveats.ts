import type { ImportedRun } from '../../../shared/contract/imports.ts';
import type { ReportContent, ReportedRun } from '../../../shared/contract/report.ts';
import { threadDifference } from '../model-names.ts';
import { runLettersOf } from './report-names.ts';

const ofRun = ({ run }: ReportedRun): readonly string[] => {
  const done = run.cells.filter((cell) => cell.state === 'done');
  const few = done.filter((cell) => cell.counts.repetitions < 6).length;
  const unfinished = run.cells.length - done.length;
  const threads = threadDifference(run.models);
  const synthetic = run.models.filter((model) => model.isSynthetic).map((model) => model.modelId);
  const unhashed = run.models.filter((model) => model.sha256 === null).length;
  return [
    ...(few > 0
      ? [
          `${few} of ${done.length} cells have fewer than 6 repetitions, too few for a 95 % interval of the median; their range is shown instead.`,
        ]
      : []),
    ...(unfinished > 0 ? [`${unfinished} of ${run.cells.length} cells were not measured.`] : []),
    ...(unhashed > 0
      ? [`The SHA-256 of ${unhashed} of ${run.models.length} files was not known when the run began.`]
      : []),
    ...(run.spec.order === 'blocks'
      ? [
          'The models did not fit in memory together and were measured one after the other: a slow change of the machine is not cancelled out of the comparison.',
        ]
      : []),
    ...(synthetic.length === 0
      ? []
      : [
          `${synthetic.join(', ')}: synthetic, with random weights. Speed and memory are those of the shape and types; there is nothing to say about answers.`,
        ]),
    ...(threads === undefined ? [] : [threads]),
    ...(run.machine.llama?.backend === 'cpu'
      ? ['Resident memory counts file pages that other processes may share.']
      : []),
  ];
};

/** What the report says of quality, and what it does not. */
const qualityOf = ({ runs }: Pick<ReportContent, 'runs'>): string => {
  const judges = runs.flatMap(({ run }) => run.judges);
  const text = runs.flatMap(({ run }) => run.spec.judge?.text ?? []).at(0);
  if (!judges.some(({ state }) => state.type === 'judged') || text === undefined)
    return 'Speed and memory were measured; the quality of the answers was not.';
  const which =
    text === 'bundled'
      ? 'the held-out text that ships with Dyno, which suits its bundled model and says little of others'
      : 'the text that was chosen';
  return `Quality is the divergence from the unquantized file on ${which}: how much a file differs from the original, not how good the original is.`;
};

const ofImport = ({ tool, notConverted }: ImportedRun): readonly string[] => [
  `Measured by ${tool}, not by Dyno: its machine, clock and conditions are as its file says, and it has no trust badge.`,
  ...(notConverted.length === 0
    ? []
    : [
        `${notConverted.length} of its fields have no equal in Dyno and are listed as not converted, not shown under another name.`,
      ]),
];

/** What a reader must know before he quotes a number; written from the data, so that it cannot be forgotten. */
export const caveatsOf = (report: Pick<ReportContent, 'runs' | 'imported'>): readonly string[] => {
  const letter = runLettersOf(report);
  const marked = (runId: string, texts: readonly string[]): readonly string[] => {
    const own = letter(runId);
    return own === undefined ? texts : texts.map((text) => `${own}: ${text}`);
  };
  return [
    qualityOf(report),
    'The engine ladder is the bare engine, without a server; the API ladder is what a client gets over HTTP. The two are never mixed.',
    ...report.runs.flatMap((one) => marked(one.run.id, ofRun(one))),
    ...report.imported.flatMap((one) => marked(one.id, ofImport(one))),
    ...(report.runs.length > 1
      ? [
          'The runs were measured at different times: what changed on the machine between them is part of their difference.',
        ]
      : []),
    'The numbers hold for this machine, these files and these settings.',
  ];
};
