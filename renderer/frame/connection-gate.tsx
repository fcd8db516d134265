import { Button, Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import { formatEta } from '../../shared/units/format.ts';
import { useConnection } from './use-connection.ts';
import classes from './connection-gate.module.css';

const Countdown = ({ untilMs }: { readonly untilMs: number }) => {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const leftMs = untilMs - nowMs;
  return leftMs <= 0 ? 'Trying now…' : `Next try: ${formatEta(leftMs)}.`;
};

/** Stands over the page while there is no host behind it. The page stays readable below. */
export const ConnectionGate = () => {
  const { state, retryNow } = useConnection();
  switch (state.type) {
    case 'open':
      return null;
    case 'connecting':
      return null;
    case 'lost':
      // One quick loss (a host that restarts) is a blink, not a message.
      return state.attempt < 2 ? null : (
        <div className={classes.lost} role="alert">
          <p>
            <strong>No connection to Dyno.</strong> What you see is the last known state. Runs and downloads
            go on without this page. <Countdown untilMs={state.retryAtMs} />
          </p>
          <Button size="compact-sm" variant="default" onClick={retryNow}>
            Try now
          </Button>
        </div>
      );
    case 'refused':
      return (
        <Modal
          opened
          onClose={() => undefined}
          withCloseButton={false}
          title="This page has no access"
          size="md"
        >
          <p className={classes.text}>
            Dyno lets a page in by a token in its address, and this address has none or an old one. Open the
            address that the terminal shows. If that is lost, end Dyno and start it again:
          </p>
          <pre className={classes.command}>dyno app --browser</pre>
        </Modal>
      );
    default:
      return state satisfies never;
  }
};
