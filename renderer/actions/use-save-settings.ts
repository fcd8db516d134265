import type { Settings } from '../../shared/contract/settings.ts';
import { useAction, type Action } from '../live/use-action.ts';
import { useServices } from '../services-context.ts';

/** Keeps a change of the settings at once; there is no button to forget. */
export const useSaveSettings = (): { readonly save: Action<readonly [change: Partial<Settings>]> } => {
  const { client, notices, queries } = useServices();
  return {
    save: useAction(async (change: Partial<Settings>) => {
      await client.app.updateSettings(change);
      queries.settings().refresh();
      notices.done('Saved.');
    }),
  };
};
