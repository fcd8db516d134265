import { join } from 'node:path';
import { z } from 'zod';
import type { StoredKey } from '../../../shared/contract/keys.ts';
import { makeApiKey, type Peppers } from '../../gateway/index.ts';
import type { Ports } from '../../platform/ports.ts';

/**
 * What this data folder keeps besides the database, readable by its owner only: the pepper, and the owner's own key in
 * clear, so that a restart prints the same one. The desktop has a file of its own, sealed by the operating system; it
 * reads both, and the command line reads its own.
 */
export interface KeyFile {
  readonly peppers: Peppers;
  /** The pepper new keys are made with. */
  readonly own: { readonly kind: StoredKey['pepper']; readonly pepper: Uint8Array };
  ownerKey(): string;
  replaceOwnerKey(secret: string): Promise<void>;
}

type KeyPorts = Pick<Ports, 'files' | 'random' | 'folders' | 'vault' | 'log'>;

const contentSchema = z.object({ pepper: z.base64().min(44), key: z.string() });
type Content = z.infer<typeof contentSchema>;

const parseContent = (text: string): Content | undefined => {
  try {
    return contentSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // a damaged key file is replaced by a new key
  }
};

const names = { file: 'server-key.json', safe: 'server-key.safe' } as const;

const read = async ({ files, folders, vault }: KeyPorts, kind: StoredKey['pepper']) => {
  const path = join(folders.data, names[kind]);
  if ((await files.stat(path)) === undefined) return undefined;
  const text = await files.readText(path);
  const opened = kind === 'file' ? text : await vault.open(text);
  return opened === undefined ? undefined : parseContent(opened);
};

const toBytes = (pepper: string): Uint8Array => Buffer.from(pepper, 'base64');

/** Reads the key file of this kind of host, or makes the first one. @throws AppError `files.not-allowed`, `storage.disk-full` */
export const openKeyFile = async (ports: KeyPorts): Promise<KeyFile> => {
  const { files, random, folders, vault, log } = ports;
  const { kind } = vault;
  const write = async (content: Content): Promise<Content> => {
    const text = JSON.stringify(content);
    await files.writeText(join(folders.data, names[kind]), await vault.seal(text), { mode: 0o600 });
    return content;
  };
  const found = await read(ports, kind);
  if (found === undefined && (await files.stat(join(folders.data, names[kind]))) !== undefined) {
    log.warn('the key file could not be read and is made anew: keys made before no longer open the server');
  }
  let current =
    found ??
    (await write({ pepper: Buffer.from(random.bytes(32)).toString('base64'), key: makeApiKey(random) }));
  const pepper = toBytes(current.pepper);
  const ofCommand = kind === 'safe' ? await read(ports, 'file') : undefined;
  return {
    peppers: { ...(ofCommand !== undefined && { file: toBytes(ofCommand.pepper) }), [kind]: pepper },
    own: { kind, pepper },
    ownerKey: () => current.key,
    replaceOwnerKey: async (secret) => {
      current = await write({ ...current, key: secret });
    },
  };
};
