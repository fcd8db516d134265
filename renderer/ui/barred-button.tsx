import { Button, Tooltip } from '@mantine/core';
import { barredProps } from './barred-props.ts';

interface BarredButtonProps {
  /** Whole sentences; shown on hover, on focus and to screen readers. */
  readonly reason: string;
  /** What it would do, for screen readers. */
  readonly label: string;
  readonly children: string;
}

/** A small button that would be refused, and says why. */
export const BarredButton = ({ reason, label, children }: BarredButtonProps) => (
  <Tooltip label={reason}>
    <Button size="compact-xs" variant="default" aria-label={label} {...barredProps(reason)}>
      {children}
    </Button>
  </Tooltip>
);
