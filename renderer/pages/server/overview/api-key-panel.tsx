import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../../live/use-action.ts';
import { useServices } from '../../../services-context.ts';
import { ConfirmButton } from '../../../ui/confirm-button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Panel } from '../../../ui/panel.tsx';
import classes from './api-key-panel.module.css';

/** The generated key: hidden until asked for, copied without being shown. */
export const ApiKeyPanel = () => {
  const { client, notices } = useServices();
  const [key, setKey] = useState<string | null>(null);
  const [isShown, setShown] = useState(false);
  const show = useAction(async () => {
    setKey((await client.server.apiKey({})).apiKey);
    setShown(true);
  });
  const copy = useAction(async () => {
    await navigator.clipboard.writeText((await client.server.apiKey({})).apiKey);
    notices.done('The API key is in the clipboard.');
  });
  const renew = useAction(async () => {
    setKey((await client.server.renewApiKey({})).apiKey);
    setShown(true);
    notices.done('The old key no longer works.');
  });
  return (
    <Panel title="API key">
      <div className={classes.row}>
        <span className={`mono ${classes.key}`}>{isShown && key !== null ? key : '•'.repeat(24)}</span>
        <div className={classes.buttons}>
          {isShown && key !== null ? (
            <>
              <CopyButton text={key} what="API key" />
              <Button size="compact-sm" variant="default" onClick={() => setShown(false)}>
                Hide
              </Button>
            </>
          ) : (
            <>
              <Button size="compact-sm" variant="default" onClick={() => show.run()} loading={show.isRunning}>
                Show
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => copy.run()} loading={copy.isRunning}>
                Copy
              </Button>
            </>
          )}
          <ConfirmButton isCompact label="Renew" title="Renew the API key?" onConfirm={() => renew.run()}>
            <p>Programs that use the present key are refused from then on.</p>
          </ConfirmButton>
        </div>
      </div>
    </Panel>
  );
};
