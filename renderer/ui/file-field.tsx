import { Button, FileButton, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAction } from '../live/use-action.ts';
import { useServices } from '../services-context.ts';
import { isDesktop, pathOfDroppedFile } from '../transport/desktop-bridge.ts';
import { AppError } from '../../shared/errors/app-error.ts';

interface FileFieldProps {
  readonly label: string;
  readonly description?: ReactNode;
  /** Endings, as a file dialog takes them: `.jsonl,.json`. */
  readonly accept: string;
  /** Where it lies on the machine that runs Dyno; empty for none. */
  readonly value: string;
  readonly onChange: (path: string) => void;
  /** Not a text: a browser cannot hand it over, so there its path is typed. */
  readonly isBinary?: boolean;
  readonly error?: ReactNode;
}

/** A message between page and host holds 8 MiB; a text grows a little as JSON. */
const largestTextBytes = 7 << 20;

/**
 * A file for the host: typed as a path, or chosen. The desktop tells the path of what was chosen; a browser hides it, so
 * there the text is handed to the host, which keeps it in its data folder.
 */
export const FileField = (props: FileFieldProps) => {
  const { label, description, accept, value, onChange, isBinary = false, error } = props;
  const { client } = useServices();
  const take = useAction(async (file: File) => {
    const path = pathOfDroppedFile(file);
    if (path !== null) {
      onChange(path);
      return;
    }
    if (file.size > largestTextBytes) {
      throw new AppError('report.too-large', `${file.name} is larger than a browser may send`, {
        hint: 'Name the path it has on the machine that runs Dyno.',
      });
    }
    onChange((await client.app.keepFile({ fileName: file.name, text: await file.text() })).path);
  });
  const canChoose = !isBinary || isDesktop(window);
  return (
    <TextInput
      label={label}
      description={description}
      placeholder="Path on the machine that runs Dyno"
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(canChoose && {
        rightSectionWidth: '4.5rem',
        rightSection: (
          <FileButton
            accept={accept}
            onChange={(file) => {
              if (file !== null) take.run(file);
            }}
          >
            {(button) => (
              <Button
                {...button}
                variant="subtle"
                size="compact-xs"
                loading={take.isRunning}
                aria-label={`Choose a file: ${label}`}
              >
                Choose
              </Button>
            )}
          </FileButton>
        ),
      })}
    />
  );
};
