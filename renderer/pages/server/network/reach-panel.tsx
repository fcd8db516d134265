import { Button } from '@mantine/core';
import type { NetworkStatus } from '../../../../shared/contract/network.ts';
import { useNetworkActions } from '../../../actions/use-network-actions.ts';
import { useAction } from '../../../live/use-action.ts';
import { useServices } from '../../../services-context.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { KeyValues, type KeyValue } from '../../../ui/key-values.tsx';
import { Panel } from '../../../ui/panel.tsx';
import classes from './network.module.css';

const Copied = ({ text, what }: { readonly text: string; readonly what: string }) => (
  <span className={classes.line}>
    <span className="mono">{text}</span>
    <CopyButton text={text} what={what} />
  </span>
);

const certificateOf = ({ tls }: NetworkStatus): readonly KeyValue[] =>
  tls.type === 'none'
    ? [['Encryption', 'none']]
    : [
        ['Certificate', <Copied key="path" text={tls.certPath} what="path of the certificate" />],
        ['Its SHA-256', <Copied key="print" text={tls.fingerprint} what="fingerprint" />],
        ['Valid until', new Date(tls.endsAtMs).toLocaleDateString('en-GB')],
      ];

const OpenState = ({ network }: { readonly network: NetworkStatus }) => (
  <div className={classes.open}>
    <p className={classes.note}>
      Programs of this machine, and every machine on its network that has a key. Closed again when the server
      is turned off or started anew.
    </p>
    {network.warnings.map((warning) => (
      <p key={warning} className={classes.warning}>
        ▲ {warning}
      </p>
    ))}
    <ul className={classes.list} aria-label="Addresses on the network">
      {network.urls.map((url) => (
        <li key={url}>
          <Copied text={url} what={`address ${url}`} />
        </li>
      ))}
    </ul>
    <KeyValues
      items={[
        ...certificateOf(network),
        ['Web pages', network.origins.length === 0 ? 'none' : network.origins.join(', ')],
      ]}
    />
    {network.tls.type === 'selfSigned' ? (
      <p className={classes.note}>
        Give clients the file and compare the SHA-256; the snippets say where each tool takes it.
      </p>
    ) : null}
  </div>
);

/** This machine only, or others too: opened by a dialog, closed by one click. */
export const ReachPanel = ({ network }: { readonly network: NetworkStatus | null }) => {
  const { client, notices } = useServices();
  const { open, close } = useNetworkActions();
  const copyCertificate = useAction(async () => {
    await navigator.clipboard.writeText((await client.server.certificate({})).certPem);
    notices.done('The certificate is in the clipboard.');
  });
  if (network === null) {
    return (
      <Panel
        title="Who can reach it"
        actions={
          <Button size="compact-sm" variant="default" onClick={open}>
            Open to the network…
          </Button>
        }
      >
        <p className={classes.note}>Programs of this machine only; other machines cannot connect.</p>
      </Panel>
    );
  }
  return (
    <Panel
      title="Who can reach it"
      actions={
        <>
          {network.tls.type === 'selfSigned' ? (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => copyCertificate.run()}
              loading={copyCertificate.isRunning}
            >
              Copy certificate
            </Button>
          ) : null}
          <Button size="compact-sm" variant="default" onClick={() => close.run()} loading={close.isRunning}>
            Close to the network
          </Button>
        </>
      }
    >
      <OpenState network={network} />
    </Panel>
  );
};
