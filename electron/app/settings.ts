import { settingsSchema, type Settings, type SettingsPatch } from '../../shared/contract/settings.ts';
import type { FactStore } from '../platform/stores.ts';

export interface SettingsKeeper {
  get(): Settings;
  update(patch: SettingsPatch): Settings;
}

const key = 'settings';

const definedOnly = (patch: SettingsPatch): SettingsPatch =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));

/** The user's settings; one that a newer or older version wrote badly falls back to its default, field by field. */
export const createSettings = (facts: FactStore): SettingsKeeper => {
  const read = (): Settings => {
    const stored = facts.get(key);
    const whole = settingsSchema.safeParse(stored ?? {});
    if (whole.success) return whole.data;
    const bad = new Set(whole.error.issues.map((issue) => issue.path[0]));
    const entries = Object.entries(typeof stored === 'object' && stored !== null ? stored : {});
    return settingsSchema.parse(Object.fromEntries(entries.filter(([name]) => !bad.has(name))));
  };
  return {
    get: read,
    update: (patch) => {
      const next = settingsSchema.parse({ ...read(), ...definedOnly(patch) });
      facts.set(key, next);
      return next;
    },
  };
};
