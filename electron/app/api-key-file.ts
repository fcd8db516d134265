import { join } from 'node:path';
import { z } from 'zod';
import {
  apiKeyRecordSchema,
  createKeyVerifier,
  generateApiKey,
  type ApiKeyRecord,
} from '../gateway/index.ts';
import type { Ports } from '../platform/ports.ts';

/** The one generated key of this data folder, in a file only its owner may read, so that a restart keeps clients working. */
export interface ApiKeyFile {
  key(): string;
  verify: ReturnType<typeof createKeyVerifier>;
  /** Makes a new key; the old one stops working at once. */
  renew(): Promise<string>;
}

const fileSchema = z.object({ pepper: z.string(), key: z.string(), record: apiKeyRecordSchema });
type KeyFile = z.infer<typeof fileSchema>;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a damaged key file is replaced by a new key
  }
};

export const openApiKeyFile = async ({
  files,
  random,
  clock,
  folders,
}: Pick<Ports, 'files' | 'random' | 'clock' | 'folders'>): Promise<ApiKeyFile> => {
  const path = join(folders.data, 'server-key.json');

  const make = async (): Promise<KeyFile> => {
    const pepper = random.bytes(32);
    const { key, record } = generateApiKey({ random, pepper, name: 'default', nowMs: clock.nowMs() });
    const made = { pepper: Buffer.from(pepper).toString('base64'), key, record };
    await files.writeText(path, JSON.stringify(made), { mode: 0o600 });
    return made;
  };
  const read = async (): Promise<KeyFile | undefined> => {
    if ((await files.stat(path)) === undefined) return undefined;
    return fileSchema.safeParse(parseJson(await files.readText(path))).data;
  };

  let current = (await read()) ?? (await make());
  const records = (): readonly ApiKeyRecord[] => [current.record];
  const verifierOf = (file: KeyFile) =>
    createKeyVerifier({ pepper: Buffer.from(file.pepper, 'base64'), records });
  let verifier = verifierOf(current);
  return {
    key: () => current.key,
    verify: (presented) => verifier(presented),
    renew: async () => {
      current = await make();
      verifier = verifierOf(current);
      return current.key;
    },
  };
};
