import { z } from 'zod';
import { engineSettingsPatchSchema } from './models.ts';
import { DEFAULT_SERVER_PORT } from './server.ts';

const settingsShape = {
  theme: z.enum(['system', 'light', 'dark']),
  /** Folders searched for models besides the data folder. Known tools' folders are found by themselves. */
  modelFolders: z.array(z.string()),
  scanHuggingFaceCache: z.boolean(),
  scanLmStudio: z.boolean(),
  scanOllama: z.boolean(),
  serverPort: z.number().int().min(1).max(65_535),
  startServerAtLaunch: z.boolean(),
  engine: engineSettingsPatchSchema,
  /** By model id, over `engine`: what a sweep found best for it. */
  modelEngine: z.record(z.string(), engineSettingsPatchSchema),
  telemetryIntervalMs: z.number().int().min(250).max(10_000),
  /** Give a kept answer to exactly the same deterministic request at any time, not only under saturation. */
  responseCache: z.boolean(),
  /** Disk for prefixes that outlive their engine, MiB; 0 keeps none. */
  prefixCacheMib: z.number().int().min(0).max(1_048_576),
};

/** What the user may change and keep. Stored in the database; every field has a default. */
export const settingsSchema = z.object({
  theme: settingsShape.theme.default('system'),
  modelFolders: settingsShape.modelFolders.default([]),
  scanHuggingFaceCache: settingsShape.scanHuggingFaceCache.default(true),
  scanLmStudio: settingsShape.scanLmStudio.default(true),
  scanOllama: settingsShape.scanOllama.default(true),
  serverPort: settingsShape.serverPort.default(DEFAULT_SERVER_PORT),
  startServerAtLaunch: settingsShape.startServerAtLaunch.default(false),
  engine: settingsShape.engine.default({}),
  modelEngine: settingsShape.modelEngine.default({}),
  telemetryIntervalMs: settingsShape.telemetryIntervalMs.default(500),
  responseCache: settingsShape.responseCache.default(false),
  prefixCacheMib: settingsShape.prefixCacheMib.default(2048),
});
export type Settings = z.infer<typeof settingsSchema>;

/** A change of some settings; absent ones keep their value. */
export const settingsPatchSchema = z.object(settingsShape).partial();
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

export const appInfoSchema = z.object({
  name: z.literal('Dyno'),
  version: z.string(),
  mode: z.enum(['desktop', 'browser', 'cli']),
  node: z.string(),
  electron: z.string().nullable(),
  platform: z.string(),
  dataFolder: z.string(),
  modelsFolder: z.string(),
  startedAtMs: z.number(),
  /** The model that ships with Dyno. */
  bundledModelId: z.string(),
});
export type AppInfo = z.infer<typeof appInfoSchema>;
