import type { ReportContent } from '../../../shared/contract/report.ts';
import { namesOf } from '../model-names.ts';

type Named = Pick<ReportContent, 'runs' | 'imported'>;

/** A, B, …, Z, AA, AB, … */
const letterOf = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : letterOf(Math.floor(index / 26) - 1) + letterOf(index % 26);

/** The letter of every run where a report holds more than one; nothing for a single run. */
export const runLettersOf = ({ runs, imported }: Named): ((runId: string) => string | undefined) => {
  const ids = [...runs.map(({ run }) => run.id), ...imported.map(({ id }) => id)];
  if (ids.length < 2) return () => undefined;
  const letters = new Map(ids.map((id, index) => [id, letterOf(index)]));
  return (runId) => letters.get(runId);
};

/** Short names of the rows: the quantization where it is unique, else the id; with the run's letter among several. */
export const rowNamesOf = (report: Named): ((runId: string, modelId: string) => string) => {
  const nameOf = namesOf(report.runs.flatMap(({ run }) => run.models));
  const letter = runLettersOf(report);
  return (runId, modelId) => {
    const own = letter(runId);
    return own === undefined ? nameOf(modelId) : `${own} · ${nameOf(modelId)}`;
  };
};

/** What a report is called: the run's name, or how many lie side by side. */
export const titleOf = ({ runs, imported }: Named): string => {
  const names = [...runs.map(({ run }) => run.name), ...imported.map(({ name }) => name)];
  return names.length === 1 ? (names[0] ?? 'Report') : `Comparison of ${names.length} runs`;
};
