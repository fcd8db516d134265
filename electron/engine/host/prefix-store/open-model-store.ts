import type { LoadMessage } from '../../protocol.ts';
import type { LoadedModel } from '../loaded-model.ts';
import { openPrefixStore, type PrefixStore, type PrefixStorePorts } from './prefix-store.ts';

/** The store of a loaded model's states; `undefined` in benchmarks and where a state cannot go to a file and back. */
export const openModelStore = async (
  place: LoadMessage['prefixCache'],
  { engine, facts }: Pick<LoadedModel, 'engine' | 'facts'>,
  ports: Pick<PrefixStorePorts, 'files' | 'random' | 'onProblem'>,
): Promise<PrefixStore | undefined> => {
  if (place === null || !engine.canSave) return undefined;
  const { nodeLlamaCppVersion, llamaCppRelease, backend, contextSize, slots } = facts;
  const { kvKeyType, kvValueType, flashAttention, memory } = facts;
  return openPrefixStore({
    ...ports,
    engine,
    root: place.folder,
    limitBytes: place.limitBytes,
    context: {
      model: place.model,
      nodeLlamaCppVersion,
      llamaCppRelease,
      backend,
      arch: process.arch,
      contextSize,
      kvKeyType,
      kvValueType,
      flashAttention,
    },
    bytesPerToken: (memory.contextRamBytes + memory.contextVramBytes) / (contextSize * slots),
  });
};
