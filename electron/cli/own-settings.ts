import type { EngineSettingsPatch } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { readEngineOptions, type EngineOptions } from './engine-options.ts';

/** Names as the engine's flags have them, without dashes. */
const keys = {
  context: 'context',
  slots: 'slots',
  threads: 'threads',
  batch: 'batch',
  'flash-attention': 'flashAttention',
  'kv-type': 'kvType',
  'gpu-layers': 'gpuLayers',
} as const satisfies Readonly<Record<string, keyof EngineOptions>>;

const keyOf = (name: string) => Object.entries(keys).find(([known]) => known === name)?.[1];

/**
 * Settings of one arm from `threads=1`, `batch=256`, `mmap=off`: an engine flag's name and its value.
 * @throws AppError `app.bad-input` naming what is not a setting
 */
export const readOwnSettings = (flag: string, texts: readonly string[]): EngineSettingsPatch => {
  const options = texts.map((text): EngineOptions => {
    const [name = '', value = ''] = text.split(/=(.*)/s);
    if (name === 'mmap' && (value === 'off' || value === 'false')) return { mmap: false };
    const key = keyOf(name);
    if (key !== undefined && value !== '') return { [key]: value };
    throw new AppError('app.bad-input', `${flag} ${text}: not a setting of the engine.`, {
      hint: `Write it as ${flag} threads=4; known are ${Object.keys(keys).join(', ')} and mmap=off.`,
    });
  });
  return readEngineOptions(options.reduce((all, one) => ({ ...all, ...one }), {}));
};
