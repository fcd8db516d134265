import { useSyncExternalStore } from 'react';
import { useServices } from '../services-context.ts';
import type { ConnectionState } from '../transport/connection.ts';

/** The pipe to the host as it is now. */
export const useConnection = (): { readonly state: ConnectionState; readonly retryNow: () => void } => {
  const { connection } = useServices();
  const state = useSyncExternalStore(connection.onChange, connection.state);
  return { state, retryNow: connection.retryNow };
};
