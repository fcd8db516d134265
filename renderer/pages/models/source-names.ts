import type { Model } from '../../../shared/contract/models.ts';

/** Where a model comes from, in words. */
export const sourceNames: Readonly<Record<Model['source'], string>> = {
  bundled: 'ships with Dyno',
  dyno: 'made or downloaded by Dyno',
  'hugging-face': 'Hugging Face cache',
  'lm-studio': 'LM Studio',
  ollama: 'Ollama',
  folder: 'your folder',
  dropped: 'added by you',
};
