import type { Vault } from '../ports.ts';

/** Without an operating system that keeps secrets: the file itself must be readable by its owner only. */
export const plainVault: Vault = {
  kind: 'file',
  seal: (secret) => Promise.resolve(secret),
  open: (sealed) => Promise.resolve(sealed),
};
