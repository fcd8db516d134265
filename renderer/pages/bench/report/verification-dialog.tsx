import { Button, Modal } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleMinus } from '@tabler/icons-react';
import type { Verification } from '../../../../shared/contract/report.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import classes from './verification-dialog.module.css';

const icons = { valid: IconCircleCheck, changed: IconAlertTriangle, 'not-covered': IconCircleMinus } as const;
const words = { valid: 'as written', changed: 'changed', 'not-covered': 'not covered' } as const;
const names = { data: 'Data', text: 'Text' } as const;

interface VerificationDialogProps {
  readonly verification: Verification;
  readonly onClose: () => void;
}

/** Whether a report is as it was written, and what that covers. */
export const VerificationDialog = ({ verification, onClose }: VerificationDialogProps) => {
  const { fileName, verdict, checks, contentHash, runs } = verification;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={verdict === 'valid' ? 'The report is as it was written' : 'The report was changed'}
    >
      <p className={classes.file}>
        <span className="mono">{fileName}</span>
        {runs.length === 0 ? '' : `: ${runs.join(', ')}`}
      </p>
      <ul className={classes.checks}>
        {checks.map(({ covers, state, detail }) => {
          const Icon = icons[state];
          return (
            <li key={covers} data-state={state}>
              <Icon size={17} aria-hidden />
              <span>
                <strong>
                  {names[covers]} {words[state]}
                </strong>
                <span className={classes.detail}>{detail}</span>
              </span>
            </li>
          );
        })}
      </ul>
      {contentHash === null ? null : (
        <p className={classes.hash}>
          <span>Content SHA-256</span> <span className="mono">{contentHash}</span>
          <CopyButton text={contentHash} what="content SHA-256" />
        </p>
      )}
      <p className={classes.detail}>A hash shows a change, not who made the report.</p>
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Close
        </Button>
      </div>
    </Modal>
  );
};
