import { Button, Checkbox, Menu } from '@mantine/core';
import { IconChevronDown, IconReportAnalytics } from '@tabler/icons-react';
import { useState } from 'react';

interface FormatGroup<Format extends string> {
  readonly label: string;
  readonly formats: readonly { readonly format: Format; readonly title: string }[];
}

interface FormatMenuProps<Format extends string> {
  readonly groups: readonly FormatGroup<Format>[];
  readonly isRunning: boolean;
  readonly onChoose: (format: Format, includeHost: boolean) => void;
}

/** The formats of a report, and whether host and user are named in it. */
export const FormatMenu = <Format extends string>({
  groups,
  isRunning,
  onChoose,
}: FormatMenuProps<Format>) => {
  const [includesHost, setIncludesHost] = useState(false);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconReportAnalytics size={15} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          loading={isRunning}
        >
          Report
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {groups.map(({ label, formats }) => (
          <div key={label} role="group" aria-label={label}>
            <Menu.Label>{label}</Menu.Label>
            {formats.map(({ format, title }) => (
              <Menu.Item key={format} onClick={() => onChoose(format, includesHost)}>
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
