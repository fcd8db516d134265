import { useAction, type Action } from '../../../live/use-action.ts';
import { useServices } from '../../../services-context.ts';
import { sourceOfFile } from './source-of-file.ts';

/** What Dyno's own reports carry, wherever they come from; anything else is a result of another tool. */
const isOwnReport = (text: string): boolean =>
  /dyno-(load-)?report-\d|dyno-requests-\d|dyno-seal:sha256:/.test(text);

/** Opens a result file: a report of Dyno is checked, a result of another tool joins the list of runs. */
export const useOpenResult = (): Action<readonly [file: File]> => {
  const { client, dialogs, notices, queries, router } = useServices();
  return useAction(async (file: File) => {
    const source = await sourceOfFile(file, `dyno report import ${file.name}`);
    const text = source.type === 'text' ? source.text : await file.text();
    if (isOwnReport(text)) {
      dialogs.open({ type: 'verification', verification: await client.reports.verify({ file: source }) });
      return;
    }
    const run = await client.reports.import({ file: source });
    queries.invalidate('bench.');
    notices.done(`${file.name} is among the runs, marked as imported.`);
    router.go({ page: 'imported', runId: run.id });
  });
};
