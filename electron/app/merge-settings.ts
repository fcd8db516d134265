import { engineSettingsSchema, type EngineSettings } from '../../shared/contract/models.ts';

/** The user's settings with what a call names on top; fields named as undefined hide nothing. */
export const mergeSettings = (...patches: readonly object[]): EngineSettings =>
  engineSettingsSchema.parse(
    Object.fromEntries(
      patches.flatMap((patch) => Object.entries(patch).filter(([, value]) => value !== undefined)),
    ),
  );
