import { Button } from '@mantine/core';
import { IconPlayerPlay, type Icon } from '@tabler/icons-react';
import type { Action } from '../live/use-action.ts';

interface StartButtonProps {
  readonly action: Action<readonly []>;
  readonly isDisabled: boolean;
  readonly icon?: Icon;
  readonly children: string;
}

/** The primary action of a form, top right of its page. */
export const StartButton = ({
  action,
  isDisabled,
  icon: Sign = IconPlayerPlay,
  children,
}: StartButtonProps) => (
  <Button
    leftSection={<Sign size={15} aria-hidden />}
    onClick={() => action.run()}
    loading={action.isRunning}
    disabled={isDisabled}
  >
    {children}
  </Button>
);
