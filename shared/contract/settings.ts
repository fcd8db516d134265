import { z } from 'zod';
import { engineSettingsSchema } from './models.ts';
import { DEFAULT_SERVER_PORT } from './server.ts';

/** What the user may change and keep. Stored in the database; every field has a default. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Folders searched for models besides the data folder. Known tools' folders are found by themselves. */
  modelFolders: z.array(z.string()).default([]),
  scanHuggingFaceCache: z.boolean().default(true),
  scanLmStudio: z.boolean().default(true),
  scanOllama: z.boolean().default(true),
  serverPort: z.number().int().min(1).max(65_535).default(DEFAULT_SERVER_PORT),
  startServerAtLaunch: z.boolean().default(false),
  engine: engineSettingsSchema.partial().default({}),
  telemetryIntervalMs: z.number().int().min(250).max(10_000).default(500),
});
export type Settings = z.infer<typeof settingsSchema>;

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
