import type { EngineSettingsPatch } from '../contract/models.ts';

/**
 * What of a measured setting is worth keeping for serving: not the context and slots that were made to fit the test,
 * unless the user asked for them.
 */
export const servingSettings = (
  measured: EngineSettingsPatch,
  asked: EngineSettingsPatch,
): EngineSettingsPatch => {
  const { contextSize: _contextSize, slots: _slots, ...tuned } = measured;
  return { ...asked, ...tuned };
};
