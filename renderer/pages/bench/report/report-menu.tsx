import type { ReportFormat } from '../../../../shared/contract/report.ts';
import { FormatMenu } from './format-menu.tsx';
import { dataFormats, llamaBenchFormats, readingFormats } from './report-formats.ts';
import { useReport } from './use-report.ts';

const groups = [
  { label: 'To read and send', formats: readingFormats },
  { label: 'Data', formats: dataFormats },
  { label: 'As llama-bench prints it', formats: llamaBenchFormats },
];

/** Every format of a report of one run, or of several side by side. */
export const ReportMenu = ({ runIds }: { readonly runIds: readonly string[] }) => {
  const report = useReport(runIds);
  return <FormatMenu<ReportFormat> groups={groups} isRunning={report.isRunning} onChoose={report.run} />;
};
