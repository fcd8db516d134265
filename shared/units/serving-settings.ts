import type { EngineSettingsPatch } from '../contract/models.ts';
import type { SweepCandidate, SweepSpec } from '../contract/sweep.ts';

/**
 * What of a measured setting is worth keeping for serving: not the context and slots that were made to fit the test,
 * unless the user asked for them, or the sweep tried several numbers of sequences and so chose the slots.
 */
export const servingSettings = (
  measured: Pick<SweepCandidate, 'settings'>,
  { axes, settings: asked }: Pick<SweepSpec, 'axes' | 'settings'>,
): EngineSettingsPatch => {
  const { contextSize: _contextSize, slots, ...tuned } = measured.settings;
  const chosen = axes.sequences === undefined || slots === undefined ? {} : { slots };
  return { ...asked, ...tuned, ...chosen };
};
