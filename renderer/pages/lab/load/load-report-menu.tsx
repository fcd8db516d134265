import { loadReportFormatSchema, type LoadReportFormat } from '../../../../shared/contract/load-report.ts';
import { useAction } from '../../../live/use-action.ts';
import { useServices } from '../../../services-context.ts';
import { FormatMenu } from '../../bench/report/format-menu.tsx';
import { dataFormats, readingFormats } from '../../bench/report/report-formats.ts';
import { saveFile } from '../../bench/report/save-file.ts';

const ofLoad = (formats: typeof dataFormats) =>
  formats.flatMap(({ format, title }) => {
    const known = loadReportFormatSchema.safeParse(format);
    return known.success ? [{ format: known.data, title }] : [];
  });

const groups = [
  { label: 'To read and send', formats: ofLoad(readingFormats) },
  { label: 'Data', formats: ofLoad(dataFormats) },
];

/** Every format of a report of a load run. */
export const LoadReportMenu = ({ loadId }: { readonly loadId: string }) => {
  const { client, notices } = useServices();
  const report = useAction(async (format: LoadReportFormat, includeHost: boolean) => {
    const file = await client.load.report({ loadId, format, includeHost });
    saveFile(file);
    notices.done(`${file.fileName} is in your downloads.`);
  });
  return <FormatMenu<LoadReportFormat> groups={groups} isRunning={report.isRunning} onChoose={report.run} />;
};
