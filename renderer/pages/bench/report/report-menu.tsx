import { Button, Checkbox, Menu } from '@mantine/core';
import { IconChevronDown, IconReportAnalytics } from '@tabler/icons-react';
import { useState } from 'react';
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
  const [includesHost, setIncludesHost] = useState(false);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconReportAnalytics size={15} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          loading={report.isRunning}
        >
          Report
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {groups.map(({ label, formats }) => (
          <div key={label} role="group" aria-label={label}>
            <Menu.Label>{label}</Menu.Label>
            {formats.map(({ format, title }) => (
              <Menu.Item key={format} onClick={() => report.run(format, includesHost)}>
                {title}
              </Menu.Item>
            ))}
          </div>
        ))}
        <Menu.Divider />
        <Menu.Item
          closeMenuOnClick={false}
          role="menuitemcheckbox"
          aria-checked={includesHost}
          leftSection={<Checkbox.Indicator size="xs" checked={includesHost} />}
          onClick={() => setIncludesHost(!includesHost)}
        >
          Name this host and user
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
