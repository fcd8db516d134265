import { Button, Collapse } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import classes from './fold-panel.module.css';
import { Panel } from './panel.tsx';

interface FoldPanelProps {
  readonly title: string;
  /** Shown while folded: what applies as long as nobody looks inside. */
  readonly note: ReactNode;
  readonly children: ReactNode;
}

/** A panel that stays folded until it is wanted. */
export const FoldPanel = ({ title, note, children }: FoldPanelProps) => {
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel
      title={title}
      actions={
        <Button
          variant="subtle"
          size="compact-xs"
          aria-expanded={isOpen}
          aria-label={`${isOpen ? 'Hide' : 'Show'}: ${title}`}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Hide' : 'Show'}
        </Button>
      }
    >
      {isOpen ? null : <p className={classes.note}>{note}</p>}
      <Collapse expanded={isOpen} transitionDuration={120}>
        {children}
      </Collapse>
    </Panel>
  );
};
