import { Button, Tooltip } from '@mantine/core';

interface BarredButtonProps {
  /** Whole sentences; shown on hover, on focus and to screen readers. */
  readonly reason: string;
  /** What it would do, for screen readers. */
  readonly label: string;
  readonly children: string;
}

/** A small button that would be refused: it stays in its place, does nothing, and says why. */
export const BarredButton = ({ reason, label, children }: BarredButtonProps) => (
  <Tooltip label={reason}>
    <Button
      size="compact-xs"
      variant="default"
      data-disabled // and not `disabled`, which would keep mouse and focus from the reason
      aria-disabled
      aria-label={label}
      aria-description={reason}
    >
      {children}
    </Button>
  </Tooltip>
);
