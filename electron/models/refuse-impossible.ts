import type { EngineSettings } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { formatCount, formatGib } from '../../shared/units/format.ts';
import type { HostFacts } from '../platform/ports.ts';
import { toInteger } from './gguf/metadata.ts';
import type { ValidModel } from './gguf/validate.ts';
import { knowsCacheExactly, leastCacheBytesPerToken } from './least-cache.ts';
import { leastMemoryBytes, likelyContextSize } from './least-memory.ts';

interface Ports {
  readonly host: Pick<HostFacts, 'totalMemoryBytes' | 'availableMemoryBytes'>;
  /** Video memory of all cards; asked only when the RAM alone cannot hold it. */
  readonly totalVramBytes: () => Promise<number>;
}

/**
 * Refuses a context that this machine could not hold if it had nothing else to do. llama.cpp's own simulation says so
 * too, but takes 13 to 20 s for 16 million tokens; this takes none.
 * @throws AppError `engine.out-of-memory` with the nearest context or number of slots
 */
export const refuseImpossible = async (
  { host, totalVramBytes }: Ports,
  { path, header, sizeBytes }: Pick<ValidModel, 'path' | 'header' | 'sizeBytes'>,
  settings: EngineSettings,
): Promise<void> => {
  const { contextSize, slots } = settings;
  if (contextSize === 'auto') return; // takes what fits
  const { metadata } = header;
  const architecture = metadata.get('general.architecture');
  const name = architecture?.type === 'string' ? String(architecture.value) : '';
  const read = (key: string): unknown => {
    const found = metadata.get(`${name}.${key}`);
    if (found?.type === 'array') return found.items?.map(toInteger);
    return found === undefined ? found : (toInteger(found.value) ?? found);
  };
  const facts = { architecture: name, read };
  const cacheBytesPerToken = leastCacheBytesPerToken(facts, settings);
  const needs = { settings, contextSize, cacheBytesPerToken, weightsBytes: sizeBytes };
  const leastBytes = leastMemoryBytes(needs);
  if (leastBytes <= host.totalMemoryBytes()) return;
  const vramBytes = await totalVramBytes();
  const totalBytes = host.totalMemoryBytes() + vramBytes;
  if (leastBytes <= totalBytes) return;

  const trained = read('context_length');
  const trainedContextSize = typeof trained === 'number' ? trained : contextSize;
  const freeBytes = host.availableMemoryBytes() + vramBytes;
  const likely = likelyContextSize(needs, freeBytes, trainedContextSize);
  const fewer = likelyContextSize(
    { ...needs, settings: { ...settings, slots: 1 } },
    freeBytes,
    trainedContextSize,
  );
  // of the others it takes more than the least: llama.cpp has to be asked what fits
  const isExact = knowsCacheExactly(facts);
  const choices = [
    ...(isExact && likely > 0 ? [`a context of ${formatCount(likely)}`] : []),
    ...(isExact && slots > 1 && fewer > likely ? [`1 slot with a context of ${formatCount(fewer)}`] : []),
  ];
  throw new AppError(
    'engine.out-of-memory',
    `A context of ${formatCount(contextSize)} tokens in ${slots === 1 ? '1 slot' : `${slots} slots`} needs at least ${formatGib(leastBytes)} GiB; this machine has ${formatGib(totalBytes)} GiB.`,
    {
      hint:
        choices.length > 0
          ? `Choose ${choices.join(' or ')}; dyno models fit says what fits exactly.`
          : isExact
            ? 'Choose a smaller model.'
            : 'Choose a smaller context or fewer slots; dyno models fit says what fits exactly.',
      details: { path, leastBytes, totalBytes, contextSize, slots },
    },
  );
};
