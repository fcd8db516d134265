import { useAction, type Action } from '../live/use-action.ts';
import { useServices } from '../services-context.ts';

export interface NetworkActions {
  /** Asks by a dialog who may reach the server. */
  readonly open: () => void;
  /** This machine only, at once. */
  readonly close: Action<readonly []>;
}

/** Who can reach the server, changed from its page and from the palette. */
export const useNetworkActions = (): NetworkActions => {
  const { client, dialogs, notices, queries } = useServices();
  return {
    open: () => {
      queries.invalidate('access.network'); // a cable may have been plugged in since
      dialogs.open({ type: 'open-network' });
    },
    close: useAction(async () => {
      await client.server.closeNetwork({});
      queries.invalidate('access.');
      notices.done('This machine only, from now on.');
    }),
  };
};
