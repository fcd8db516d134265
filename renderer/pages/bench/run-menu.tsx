import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import type { JobState } from '../../../shared/contract/common.ts';
import { ConfirmDialog } from '../../ui/confirm-button.tsx';
import { shortFormats } from './report/report-formats.ts';
import { useReport } from './report/use-report.ts';
import { useRunActions } from './use-run-actions.ts';

interface RunMenuProps {
  readonly runId: string;
  readonly name: string;
  readonly state: JobState;
}

/** What can be done with one run of a list. */
export const RunMenu = ({ runId, name, state }: RunMenuProps) => {
  const actions = useRunActions(runId);
  const report = useReport([runId]);
  const [isAsking, setAsking] = useState(false);
  const isResumable = state.type === 'interrupted' || state.type === 'cancelled' || state.type === 'failed';
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size="sm" aria-label={`More actions for ${name}`}>
            <IconDots size={15} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isResumable ? (
            <Menu.Item onClick={() => actions.resume.run()}>Measure what is missing</Menu.Item>
          ) : null}
          {shortFormats.map(({ format, title }) => (
            <Menu.Item key={format} onClick={() => report.run(format)}>
              Report as {title}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => setAsking(true)}>Remove…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isAsking ? (
        <ConfirmDialog
          title={`Remove ${name}?`}
          confirmLabel="Remove"
          onConfirm={() => actions.remove.run()}
          onClose={() => setAsking(false)}
        >
          <p>Its results and raw samples are deleted. This cannot be undone.</p>
        </ConfirmDialog>
      ) : null}
    </>
  );
};
