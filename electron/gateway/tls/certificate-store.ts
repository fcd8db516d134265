import { join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Ports } from '../../platform/ports.ts';
import { readIdentity, type TlsIdentity } from './identity.ts';
import { makeCertificate } from './make-certificate.ts';

const DAY_MS = 86_400_000;
/** Some clients refuse server certificates that live longer than 398 days. */
const LIFE_MS = 365 * DAY_MS;
/** Clients that were given the file have this long to take the next one. */
const RENEW_BEFORE_MS = 30 * DAY_MS;

/** The certificate that this machine makes for itself, kept in `tls/` of the data folder, readable by its owner alone. */
export interface CertificateStore {
  /** What clients are given. */
  readonly certPath: string;
  /** The one that is kept; `undefined` where there is none that works. */
  kept(): Promise<TlsIdentity | undefined>;
  /** The one that is kept, or a new one where it misses one of `names` or ends within 30 days. */
  selfSigned(names: readonly string[]): Promise<TlsIdentity>;
}

/** @throws AppError of each call: `files.not-allowed`, `storage.disk-full` */
export const createCertificateStore = ({
  files,
  folders,
  clock,
  random,
  log,
}: Pick<Ports, 'files' | 'folders' | 'clock' | 'random' | 'log'>): CertificateStore => {
  const certPath = join(folders.data, 'tls', 'server.pem');
  const keyPath = join(folders.data, 'tls', 'server-key.pem');

  const kept: CertificateStore['kept'] = async () => {
    for (const path of [certPath, keyPath]) if ((await files.stat(path)) === undefined) return undefined;
    try {
      const [certPem, keyPem] = await Promise.all([files.readText(certPath), files.readText(keyPath)]);
      return readIdentity({ certPem, keyPem }, clock.nowMs());
    } catch (error) {
      if (!(error instanceof AppError) || !error.code.startsWith('server.certificate-')) throw error;
      log.warn('the certificate of this machine cannot be used and is made anew when asked for', { error });
      return undefined;
    }
  };
  return {
    certPath,
    kept,
    selfSigned: async (names) => {
      const nowMs = clock.nowMs();
      const found = await kept();
      const isGood =
        found !== undefined && found.endsAtMs - nowMs > RENEW_BEFORE_MS && names.every(found.covers);
      if (isGood) return found;
      // An hour back: clocks of clients may be behind. The key goes first: a pair broken by a crash is made anew.
      const made = await makeCertificate(names, {
        serial: random.bytes(16),
        fromMs: nowMs - 3_600_000,
        untilMs: nowMs + LIFE_MS,
      });
      await files.writeText(keyPath, made.keyPem, { mode: 0o600 });
      await files.writeText(certPath, made.certPem, { mode: 0o600 });
      return readIdentity(made, nowMs);
    },
  };
};
