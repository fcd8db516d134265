import type { DriverTarget } from '../driver/messages.ts';
import type { BenchTarget } from '../ports.ts';

/** The product's own server as the driver speaks to it. */
export const ownTarget = (
  { baseUrl, apiKey, modelName }: Pick<BenchTarget, 'baseUrl' | 'apiKey' | 'modelName'>,
  route: 'chat' | 'completion',
): DriverTarget => ({
  baseUrl,
  apiKey,
  modelName,
  headers: {},
  dialect: route === 'chat' ? 'openai-chat' : 'openai-completion',
  takes: { ignoreEos: true, cachePrompt: true },
});
