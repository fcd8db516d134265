import type { Llama, LlamaModel } from 'node-llama-cpp';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { LoadMessage } from '../../protocol.ts';
import { findAddonModel, findBindings, type AddonAdapter } from './addon.ts';
import { logArrived, type LogTail } from './log-tail.ts';

const reasonLine = /failed to (apply|open)/i;

/**
 * Reads the adapters of a load, before its context is made.
 * @throws AppError `models.adapter-mismatch` with llama.cpp's reason, `engine.unsupported`
 */
export const loadAdapters = async (
  { adapters, path, batchEngine }: Pick<LoadMessage, 'adapters' | 'path' | 'batchEngine'>,
  { llama, model }: { readonly llama: Llama; readonly model: LlamaModel },
  log: LogTail,
): Promise<readonly AddonAdapter[]> => {
  if (adapters.length === 0) return [];
  const addonModel = findAddonModel(model);
  const bindings = findBindings(llama);
  if (addonModel === undefined || bindings === undefined || batchEngine === 'public')
    throw new AppError('engine.unsupported', 'Adapters need the node-llama-cpp Dyno was tested with.', {
      hint: 'Run npm ci to install the exact versions, or serve the model without adapters.',
    });
  if (model.fileInsights.supportsRanking)
    throw new AppError('engine.unsupported', 'A reranker takes no adapters here.', {
      hint: 'Serve it without adapters.',
    });
  const loaded: AddonAdapter[] = [];
  for (const file of adapters) {
    const adapter = new bindings.AddonModelLora(addonModel, file.path);
    try {
      await addonModel.loadLora(adapter);
    } catch (cause) {
      await logArrived();
      const reason = log.lines().findLast((line) => reasonLine.test(line)) ?? 'no reason given';
      throw new AppError(
        'models.adapter-mismatch',
        `llama.cpp cannot put ${file.path} on ${path}: ${reason.trim()}`,
        {
          hint: 'Choose an adapter that was trained on this model and converted to GGUF (convert_lora_to_gguf.py).',
          details: { adapter: file.path, log: log.lines() },
          cause,
        },
      );
    }
    loaded.push(adapter);
  }
  return loaded;
};
