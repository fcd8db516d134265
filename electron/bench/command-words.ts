import type { EngineSettingsPatch } from '../../shared/contract/models.ts';

/** Engine settings with their flags, as every command takes them. */
export const flagOfSetting: readonly (readonly [keyof EngineSettingsPatch, string])[] = [
  ['contextSize', '--context'],
  ['slots', '--slots'],
  ['threads', '--threads'],
  ['batchSize', '--batch'],
  ['flashAttention', '--flash-attention'],
  ['kvKeyType', '--kv-type'],
  ['gpuLayers', '--gpu-layers'],
];

/** Quotes a word for POSIX shells and PowerShell alike where it needs it. */
export const quoteWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The engine settings as the flags every command takes. */
export const settingFlags = (settings: EngineSettingsPatch): readonly string[] => [
  ...flagOfSetting.flatMap(([key, flag]) => {
    const value = settings[key];
    return value === undefined ? [] : [flag, String(value)];
  }),
  ...(settings.useMmap === false ? ['--no-mmap'] : []),
];
