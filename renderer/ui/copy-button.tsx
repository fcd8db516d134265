import { ActionIcon, Button, CopyButton as MantineCopy, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied: `address`, `table as Markdown`. */
  readonly what: string;
  /** A button with words instead of an icon. */
  readonly label?: string;
}

/** Wherever a person would type something over. */
export const CopyButton = ({ text, what, label }: CopyButtonProps) => (
  <MantineCopy value={text} timeout={1500}>
    {({ copied, copy }) =>
      label === undefined ? (
        <Tooltip label={copied ? 'Copied' : `Copy ${what}`}>
          <ActionIcon size="sm" onClick={copy} aria-label={copied ? 'Copied' : `Copy ${what}`}>
            {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      ) : (
        <Button
          size="compact-sm"
          variant="default"
          onClick={copy}
          leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
        >
          {copied ? 'Copied' : label}
        </Button>
      )
    }
  </MantineCopy>
);
