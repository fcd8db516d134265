import { Button, FileButton, Select } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { Panel } from '../../../ui/panel.tsx';
import classes from './diff-page.module.css';

/** What stands on a side: a run of this host, or a report file. */
export type ChosenSide =
  { readonly type: 'run'; readonly runId: string } | { readonly type: 'file'; readonly file: File };

interface DiffSidePickerProps {
  readonly title: 'A' | 'B';
  readonly chosen: ChosenSide | null;
  /** Benchmarks and load runs of this host. */
  readonly runs: readonly { readonly id: string; readonly name: string }[];
  readonly onChoose: (side: ChosenSide) => void;
}

/** One side of a diff: a report file by the dialog or dropped here, or a run of the list. */
export const DiffSidePicker = ({ title, chosen, runs, onChoose }: DiffSidePickerProps) => (
  <div
    onDragOver={(event) => event.preventDefault()}
    onDrop={(event) => {
      event.preventDefault();
      const [file] = event.dataTransfer.files;
      if (file !== undefined) onChoose({ type: 'file', file });
    }}
  >
    <Panel title={title}>
      <div className={classes.side}>
        <FileButton
          accept=".html,.json"
          onChange={(file) => {
            if (file !== null) onChoose({ type: 'file', file });
          }}
        >
          {(props) => (
            <Button
              {...props}
              variant="default"
              aria-label={`Choose file for ${title}`}
              leftSection={<IconFileImport size={15} aria-hidden />}
            >
              Choose file
            </Button>
          )}
        </FileButton>
        <Select
          aria-label={`Run for ${title}`}
          placeholder="or a run of this machine"
          searchable
          data={runs.map(({ id, name }) => ({ value: id, label: name }))}
          value={chosen?.type === 'run' ? chosen.runId : null}
          onChange={(runId) => {
            if (runId !== null) onChoose({ type: 'run', runId });
          }}
        />
      </div>
      <p className={classes.chosen}>
        {chosen?.type === 'file' ? chosen.file.name : 'A report file (HTML or JSON) can be dropped here.'}
      </p>
    </Panel>
  </div>
);
