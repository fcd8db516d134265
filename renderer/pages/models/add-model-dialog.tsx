import { Button, Modal, Switch, Tabs, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../live/use-action.ts';
import { useServices } from '../../services-context.ts';
import classes from './model-dialogs.module.css';

const DownloadForm = ({ onDone }: { readonly onDone: () => void }) => {
  const { client, notices } = useServices();
  const [source, setSource] = useState('');
  const [sha256, setSha256] = useState('');
  const hasBadHash = sha256 !== '' && !/^[0-9a-fA-F]{64}$/.test(sha256);
  const pull = useAction(async () => {
    const job = await client.models.pull({
      source: source.trim(),
      ...(sha256 === '' ? {} : { sha256: sha256.toLowerCase() }),
    });
    notices.done(`${job.title}: follow it in the bar above.`);
    onDone();
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        pull.run();
      }}
    >
      <TextInput
        label="Address"
        description="hf:owner/repo:Q4_K_M, hf:owner/repo/file.gguf, or any https address of a GGUF file"
        value={source}
        onChange={(event) => setSource(event.currentTarget.value)}
        data-autofocus
        required
      />
      <TextInput
        label="Expected SHA-256"
        description="Optional. The download is refused when it differs."
        value={sha256}
        error={hasBadHash ? 'A SHA-256 has 64 hexadecimal digits.' : undefined}
        onChange={(event) => setSha256(event.currentTarget.value.trim())}
      />
      <div className={classes.buttons}>
        <Button type="submit" loading={pull.isRunning} disabled={source.trim() === '' || hasBadHash}>
          Download
        </Button>
      </div>
    </form>
  );
};

const PathForm = ({
  fileName,
  onDone,
}: {
  readonly fileName: string | null;
  readonly onDone: () => void;
}) => {
  const { client, notices, router } = useServices();
  const [path, setPath] = useState('');
  const [copy, setCopy] = useState(false);
  const add = useAction(async () => {
    const model = await client.models.import({ path: path.trim(), copy });
    notices.done(`${model.id} is in the library.`);
    onDone();
    router.go({ page: 'models', modelId: model.id });
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        add.run();
      }}
    >
      {fileName === null ? null : (
        <p className={classes.note}>
          A browser does not tell a page where a dropped file lies. Name the folder of{' '}
          <strong>{fileName}</strong> on the machine that runs Dyno.
        </p>
      )}
      <TextInput
        label="Path on the machine that runs Dyno"
        placeholder={fileName === null ? '/models/my-model-Q4_K_M.gguf' : `/…/${fileName}`}
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
        data-autofocus
        required
      />
      <Switch
        label="Copy it into Dyno’s models folder"
        description="Otherwise it stays where it is."
        checked={copy}
        onChange={(event) => setCopy(event.currentTarget.checked)}
      />
      <div className={classes.buttons}>
        <Button type="submit" loading={add.isRunning} disabled={path.trim() === ''}>
          Add
        </Button>
      </div>
    </form>
  );
};

interface AddModelDialogProps {
  readonly tab: 'download' | 'path';
  /** A file that was dropped in a browser. */
  readonly fileName: string | null;
  readonly onClose: () => void;
}

/** The ways a model joins the library. */
export const AddModelDialog = ({ tab, fileName, onClose }: AddModelDialogProps) => (
  <Modal opened onClose={onClose} title="Add model" size="lg">
    <Tabs defaultValue={tab}>
      <Tabs.List>
        <Tabs.Tab value="download">Download</Tabs.Tab>
        <Tabs.Tab value="path">File on this machine</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="download" pt="md">
        <DownloadForm onDone={onClose} />
      </Tabs.Panel>
      <Tabs.Panel value="path" pt="md">
        <PathForm fileName={fileName} onDone={onClose} />
      </Tabs.Panel>
    </Tabs>
  </Modal>
);
