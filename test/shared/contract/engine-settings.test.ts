import { expect, it } from 'vitest';
import { engineSettingsSchema } from '../../../shared/contract/models.ts';

it('asks llama.cpp for no more sequences than it has', () => {
  expect(engineSettingsSchema.safeParse({ slots: 256 }).success).toBe(true);
  const refused = engineSettingsSchema.safeParse({ slots: 257 });
  expect(refused.error?.issues.map(({ path, code }) => [path, code])).toEqual([[['slots'], 'too_big']]);
});
