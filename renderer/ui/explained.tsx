import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './explained.module.css';

interface ExplainedProps {
  /** Shown on hover, on focus and to screen readers. */
  readonly reason: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** Text with a reason behind it, reachable by mouse, keyboard and ear. */
export const Explained = ({ reason, className, children }: ExplainedProps) => (
  <Tooltip label={reason}>
    <span className={[classes.explained, className].join(' ')} tabIndex={0} role="note">
      {children}
      <span className="spoken-only">, {reason}</span>
    </span>
  </Tooltip>
);
