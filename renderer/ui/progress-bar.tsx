import { Progress } from '@mantine/core';

/** A bar with a name; an unknown total shows a bar without a figure. */
export const ProgressBar = ({
  label,
  fraction,
}: {
  readonly label: string;
  readonly fraction: number | null;
}) => (
  <Progress.Root size="sm">
    <Progress.Section
      value={fraction === null ? 100 : fraction * 100}
      striped={fraction === null}
      animated={fraction === null}
      aria-label={label}
      color="var(--dyno-accent)"
    />
  </Progress.Root>
);
