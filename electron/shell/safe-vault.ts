import { safeStorage } from 'electron';
import type { Vault } from '../platform/ports.ts';

/**
 * True where the operating system keeps the key. On Linux without a keyring Electron falls back to a fixed password,
 * which is no safer than the file (electronjs.org/docs/latest/api/safe-storage).
 */
const isSafe = async (): Promise<boolean> =>
  (await safeStorage.isAsyncEncryptionAvailable()) &&
  (process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text');

/** The keychain, DPAPI or keyring; `plain` where there is none. Asked after the app is ready. */
export const createSafeVault = async (plain: Vault): Promise<Vault> => {
  if (!(await isSafe())) return plain;
  return {
    kind: 'safe',
    seal: async (secret) => (await safeStorage.encryptStringAsync(secret)).toString('base64'),
    open: async (sealed) => {
      try {
        return (await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'))).result;
      } catch {
        return undefined; // another user's, or another machine's
      }
    },
  };
};
