import { dialog } from 'electron';
import { fromContractError } from '../../shared/errors/from-contract.ts';
import type { HostClient } from './open-desktop-host.ts';

/** Adds model files where they lie. Problems are told in a box: the window may not be open yet. */
export const addModels = async (client: HostClient, paths: readonly string[]): Promise<void> => {
  for (const path of paths) {
    try {
      await client.models.import({ path, copy: false });
    } catch (error) {
      const { message, hint } = fromContractError(error);
      dialog.showErrorBox('The model was not added', hint === undefined ? message : `${message}\n${hint}`);
    }
  }
};

/** Asks which files to add. */
export const pickModels = async (client: HostClient): Promise<void> => {
  const { filePaths } = await dialog.showOpenDialog({
    title: 'Open a model',
    filters: [{ name: 'GGUF models', extensions: ['gguf'] }],
    properties: ['openFile', 'multiSelections'],
  });
  await addModels(client, filePaths);
};
